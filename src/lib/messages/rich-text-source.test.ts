import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseRichText, type RichText, type Run } from './rich-text';
import { blocksOf } from './rich-text-edit';
import { richTextSource } from './rich-text-source';

const again = (source: string) => richTextSource(parseRichText(source));

describe('the source of a rich text', () => {
  test.each([
    'Un\nDeux\n\nTrois',
    'Un **mot** et *un autre*',
    '***les deux***',
    '*a***b** puis ***c** d*',
    '**a*b** c*',
    '[ici **et** là](https://x.fr/a_(b)?c=1).',
    '**[tout](https://x.fr)**',
    '- un\n- **deux**\n\n1. trois\n2. quatre',
    '\\*rien\\* \\[x] \\\\',
    '\\- pas une liste\n1\\. non plus',
    "Bonjour **{{ contact.FIRSTNAME | default: '*vous*' }}**, [voir]({{ event.url }})"
  ])('is what it was: %j', (source) => {
    expect(again(source)).toBe(source);
  });

  test.each<[RichText, string]>([
    [[{ kind: 'paragraph', runs: [{ bold: true, text: ' a ' }, { text: 'b' }] }], '**a** b'],
    [[{ kind: 'paragraph', runs: [{ italic: true, text: '  ' }] }], ''],
    [[{ kind: 'paragraph', runs: [{ url: 'https://x.fr/a b)', text: 'x\ny' }] }], '[x](https://x.fr/a%20b%29)\n[y](https://x.fr/a%20b%29)'], // prettier-ignore
    [[{ kind: 'paragraph', runs: [{ text: 'a\n\nb\n' }] }], 'a\n\nb'],
    [[{ kind: 'list', ordered: false, items: [[], [{ text: 'a\nb' }]] }], '- a b'],
    [parseRichText('- a\n\n- b'), '- a\n- b']
  ])('of %j is %j', (text, source) => {
    expect(richTextSource(text)).toBe(source);
  });

  const letters = fc.string({ unit: fc.constantFrom(...Array.from('ab \\*[]()-1.')), minLength: 1, maxLength: 6 });
  const marks = fc.record(
    { bold: fc.constant(true as const), italic: fc.constant(true as const), url: fc.constantFrom('https://a.fr', '{{ event.url }}') },
    { requiredKeys: [] }
  ); // prettier-ignore
  const run: fc.Arbitrary<Run> = fc.oneof(
    fc.tuple(marks, letters).map(([mark, text]) => ({ ...mark, text })),
    marks.map((mark) => ({ ...mark, liquid: '{{ contact.A }}' }))
  );
  const runs = fc.array(run, { minLength: 1, maxLength: 6 });
  const rich: fc.Arbitrary<RichText> = fc.array(
    fc.oneof(
      runs.map((inside) => ({ kind: 'paragraph' as const, runs: inside })),
      fc.tuple(fc.boolean(), fc.array(runs, { minLength: 1, maxLength: 3 })).map(([ordered, items]) => ({ kind: 'list' as const, ordered, items }))
    ),
    { maxLength: 3 }
  ); // prettier-ignore

  /** Every letter with its marks; space is marked as it likes. */
  const seen = (text: RichText): string[] =>
    blocksOf(text).map(({ kind, runs: inside }) => {
      const signs = inside.flatMap(({ text: words, liquid, bold, italic, url }) =>
        (liquid === undefined ? Array.from(words) : [liquid]).map((sign) =>
          sign.trim() === '' ? ' ' : `${sign}${bold ? 'b' : ''}${italic ? 'i' : ''}${url ?? ''}`
        )
      );
      const shown = signs.join('|').replace(/^( \|?)+|(\| )+$/g, '');
      return shown === '' ? '' : `${kind}: ${shown}`;
    });

  test('says of each letter what the text says', () => {
    fc.assert(
      fc.property(rich, (text) => {
        expect(seen(parseRichText(richTextSource(text))).filter(Boolean)).toEqual(seen(text).filter(Boolean));
      }),
      { numRuns: 2_000 }
    );
  });

  test('stays the same from the first time on, whatever was typed', () => {
    const signs = fc.string({
      unit: fc.constantFrom('*', '**', '[', ']', '(', ')', '\\', '{{', '}}', '- ', '1. ', '\n', '\n\n', 'a', ' ')
    });
    fc.assert(
      fc.property(fc.oneof(fc.string(), signs), (source) => {
        const once = again(source);
        expect(again(once)).toBe(once);
      }),
      { numRuns: 2_000 }
    );
  });
});
