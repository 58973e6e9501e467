import { describe, expect, it, test } from 'vitest';
import { hasWords, loadTexts } from '$lib/i18n';
import { GUIDES, guidesAbout, screenName } from './guides';

await loadTexts('fr');

const routes = Object.keys(import.meta.glob('../../../routes/**/+page.svelte')).map(
  (file) => file.replace('../../../routes', '').replace('/+page.svelte', '') || '/'
);

describe.each(GUIDES.map((guide) => [guide.id, guide] as const))('the guide %s', (id, { sections }) => {
  it('has a title, a lead, and a text for each of its parts', () => {
    const keys = [
      `guides.${id}.title`,
      `guides.${id}.lead`,
      ...sections.flatMap((section) => [`guides.${id}.${section.id}.title`, `guides.${id}.${section.id}.text`])
    ];
    expect(keys.filter((key) => !hasWords(key))).toEqual([]);
  });

  it('leads to screens that exist and have a name', () => {
    for (const { path } of sections) {
      if (path === undefined) continue;
      expect(routes).toContain(path);
      expect(screenName(path)).not.toBe(path);
    }
  });
});

test('guides are found by any word of theirs, without accents', () => {
  expect(guidesAbout('29 FEVRIER').map(({ id }) => id)).toEqual(['timing']);
  expect(guidesAbout('cle api').map(({ id }) => id)).toEqual(['providers']);
  expect(guidesAbout('zzz')).toEqual([]);
  expect(guidesAbout(' ')).toHaveLength(GUIDES.length);
});
