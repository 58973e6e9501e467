import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { PLAIN_BRAND, type Brand } from '$lib/core/rows/emails';
import { brandProblems } from './brand-problems';
import { contrast } from './colours';

const fine: Brand = { ...PLAIN_BRAND, footer: 'Atelier Léa, 3 rue des Lices, 44000 Nantes' };
const found = (brand: Partial<Brand>) =>
  brandProblems({ ...fine, ...brand }).map(({ setting, words }) => [setting, words.key]);

describe('what readers would have trouble with in a brand', () => {
  test('nothing, in one that is as it should be', () => {
    expect(found({ logoUrl: ' https://a.fr/logo.png ' })).toEqual([]);
  });
  test.each([
    [{ text: '#a0a0a0' }, ['text', 'words.brand.text_faint']],
    [{ accent: '#ffe9a8' }, ['accent', 'words.brand.accent_faint']],
    [{ logoUrl: 'http://a.fr/logo.png' }, ['logoUrl', 'words.brand.logo_not_https']],
    [{ footer: ' ' }, ['footer', 'words.brand.no_address']]
  ] as const)('%j', (brand, problem) => {
    expect(found(brand)).toEqual([problem]);
  });
  test('the better colour is one that is free of it', () => {
    const colour = fc.stringMatching(/^#[0-9a-f]{6}$/);
    fc.assert(
      fc.property(colour, colour, colour, (text, accent, surface) => {
        for (const { setting, better } of brandProblems({ ...fine, text, accent, surface }))
          expect(contrast(better ?? '', surface)).toBeGreaterThanOrEqual(setting === 'text' ? 4.5 : 3);
      })
    );
  });
});
