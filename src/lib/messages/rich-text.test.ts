import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseRichText, richTextPlain, richTextSource, type Part, type RichText, type Run } from './rich-text';
import { richTextHtml } from './rich-text-html';

const html = (source: string) => richTextHtml(source, '#112233').replaceAll(/ style="[^"]*"/g, '');

describe('the text of a text block', () => {
  test.each([
    ['Un\nDeux\n\nTrois', '<p>Un<br />Deux</p><p>Trois</p>'],
    ['Un **mot** et *un autre*', '<p>Un <strong>mot</strong> et <em>un autre</em></p>'],
    ['***les deux***', '<p><strong><em>les deux</em></strong></p>'],
    ['*a***b**', '<p><em>a</em><strong>b</strong></p>'],
    ['2 * 3 = 6 * 1', '<p>2 * 3 = 6 * 1</p>'],
    ['un *mot', '<p>un *mot</p>'],
    ['[ici](https://x.fr/a?b=1&c=2).', '<p><a href="https://x.fr/a?b=1&amp;c=2">ici</a>.</p>'],
    ['[ici](javascript:alert(1))', '<p><a href="">ici</a></p>'],
    ['- un\n- **deux**', '<ul><li>un</li><li><strong>deux</strong></li></ul>'],
    ['Avant :\n1. un\n2. deux', '<p>Avant :</p><ol><li>un</li><li>deux</li></ol>'],
    ['\\*rien\\* \\- \\[x]', '<p>*rien* - [x]</p>'],
    ["{{ contact.A | default: '*vous*' }} *là*", "<p>{{ contact.A | default: '*vous*' }} <em>là</em></p>"],
    ['<b>&', '<p>&lt;b&gt;&amp;</p>'],
    ['', '']
  ])('%j', (source, expected) => {
    expect(html(source)).toBe(expected);
  });

  const word = fc.stringMatching(/^[a-zé*[\]\\().\-1 <&]{1,8}$/);
  const marks = fc.record({
    bold: fc.constantFrom(true as const, undefined),
    italic: fc.constantFrom(true as const, undefined),
    url: fc.constantFrom('https://a.fr/x(1)', '{{ unsubscribe_url }}', undefined)
  });
  const run: fc.Arbitrary<Run> = fc.oneof(
    fc.tuple(word, marks).map(([text, look]) => ({ ...look, text })),
    marks.map((look) => ({ ...look, liquid: "{{ contact.X | default: 'vous' }}" }))
  );
  const runs = fc.array(run, { minLength: 1, maxLength: 6 });
  const part: fc.Arbitrary<Part> = fc.oneof(
    runs.map((of) => ({ kind: 'paragraph' as const, runs: of })),
    fc
      .tuple(fc.boolean(), fc.array(runs, { minLength: 1, maxLength: 3 }))
      .map(([ordered, items]) => ({ kind: 'list' as const, ordered, items }))
  );
  const letters = (text: RichText) =>
    text
      .flatMap((one) => (one.kind === 'paragraph' ? [one.runs] : one.items))
      .flat()
      .map((one) => one.liquid ?? one.text)
      .join('')
      .replaceAll(/\s/g, '');

  test('what is written is read as the same, and written the same again', () => {
    fc.assert(
      fc.property(fc.array(part, { maxLength: 4 }), (text) => {
        const source = richTextSource(text);
        const read = parseRichText(source);
        expect(letters(read)).toBe(letters(text));
        const again = richTextSource(read);
        expect(letters(parseRichText(again))).toBe(letters(text));
        expect(richTextSource(parseRichText(again))).toBe(again);
      }),
      { numRuns: 500 }
    );
  });

  test('no source makes it fail or lose time', () => {
    fc.assert(fc.property(fc.string(), (source) => typeof richTextPlain(source) === 'string'));
    const started = performance.now();
    parseRichText('**[*'.repeat(5_000));
    expect(performance.now() - started).toBeLessThan(2_000);
  });
});
