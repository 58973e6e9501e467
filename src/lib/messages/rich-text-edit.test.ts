import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseRichText } from './rich-text';
import {
  blocksOf,
  hasMark,
  lengthOf,
  linkIn,
  richTextOf,
  withLink,
  withList,
  withMark,
  withText,
  wordAt
} from './rich-text-edit';
import { richTextSource } from './rich-text-source'; // prettier-ignore

const read = (source: string) => blocksOf(parseRichText(source));
const source = (blocks: ReturnType<typeof read>) => richTextSource(richTextOf(blocks));
const total = (blocks: ReturnType<typeof read>) => blocks.reduce((sum, block) => sum + lengthOf(block) + 1, -1);

describe('a text under the hand of its writer', () => {
  test('is marked, over paragraphs too, and a mark that all of it has is taken away', () => {
    const marked = withMark(read('Un deux\n\ntrois'), { from: 3, to: 13 }, 'bold');
    expect(source(marked)).toBe('Un **deux**\n\n**trois**');
    expect(hasMark(marked, { from: 4, to: 10 }, 'bold')).toBe(true);
    expect(source(withMark(marked, { from: 3, to: 13 }, 'bold'))).toBe('Un deux\n\ntrois');
    expect(source(withMark(marked, { from: 0, to: 13 }, 'bold'))).toBe('**Un deux**\n\n**trois**');
  });

  test('is linked, and the link changed and taken away', () => {
    const linked = withLink(read('Lire **ici** donc'), { from: 0, to: 8 }, 'https://a.fr');
    expect(source(linked)).toBe('[Lire **ici](https://a.fr)** donc');
    expect(linkIn(linked, { from: 2, to: 2 })).toBe('https://a.fr');
    expect(linkIn(linked, { from: 10, to: 12 })).toBeNull();
    expect(source(withLink(linked, { from: 0, to: 8 }, null))).toBe('Lire **ici** donc');
  });

  test('becomes a list and paragraphs again', () => {
    const list = withList(read('un\ndeux\n\ntrois\n\nquatre'), { from: 1, to: 9 });
    expect(source(list)).toBe('- un\n- deux\n- trois\n\nquatre');
    expect(source(withList(list, { from: 3, to: 3 }))).toBe('- un\n\ndeux\n\n- trois\n\nquatre');
  });

  test('takes text and placeholders where the cursor is', () => {
    const put = withText(read('Bonjour **à tous**'), { from: 9, to: 14 }, " {{ contact.A | default: 'toi' }}");
    expect(source(put.blocks)).toBe("Bonjour **à {{ contact.A | default: 'toi' }}**");
    expect(put.end).toBe(11);
    const pasted = withText(read('avant après'), { from: 6, to: 6 }, 'un\r\ndeux\r\n\r\ntrois ');
    expect(source(pasted.blocks)).toBe('avant un\ndeux\n\ntrois après');
    expect(source(withText(read('- un\n- trois'), { from: 2, to: 2 }, '\ndeux').blocks)).toBe('- un\n- deux\n- trois');
    expect(source(withText(read('un\n\ndeux\n\ntrois'), { from: 1, to: 9 }, '').blocks)).toBe('urois');
  });

  test('knows the word around the cursor', () => {
    expect(wordAt(read('Un\n\nmot, là'), 5)).toEqual({ from: 3, to: 6 });
    expect(wordAt(read('a  b'), 2)).toEqual({ from: 2, to: 2 });
  });

  test('keeps all of its letters, whatever is marked', () => {
    const sources = fc.constantFrom(
      'Un **deux** trois\n\n- a\n- *b*\n\nfin',
      '[x](https://a.fr) {{ contact.A }} y',
      ''
    );
    const ranges = fc.tuple(fc.nat(30), fc.nat(30)).map(([one, other]) => ({ from: Math.min(one, other), to: Math.max(one, other) })); // prettier-ignore
    fc.assert(
      fc.property(sources, ranges, fc.constantFrom('bold' as const, 'italic' as const), (text, range, mark) => {
        const blocks = read(text);
        const once = withMark(blocks, range, mark);
        expect(total(once)).toBe(total(blocks));
        if (range.from === range.to) expect(once).toEqual(blocks);
        else if (hasMark(once, range, mark)) expect(hasMark(withMark(once, range, mark), range, mark)).toBe(false);
      })
    );
  });
});
