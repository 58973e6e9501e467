import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseRichText } from './rich-text';
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

  test('no source makes it fail', () => {
    const signs = fc.string({
      unit: fc.constantFrom('*', '[', ']', '(', ')', '\\', '{{', '}}', '- ', '1. ', '\n', 'a', ' ')
    });
    fc.assert(
      fc.property(fc.oneof(fc.string(), signs), (source) => {
        expect(Array.isArray(parseRichText(source))).toBe(true);
      })
    );
  });

  test('marks without an end are read in the time that as much text takes: else this one would not end', () => {
    const source = '**[*'.repeat(200_000);
    expect(JSON.stringify(parseRichText(source)).length).toBeGreaterThan(source.length);
  });
});
