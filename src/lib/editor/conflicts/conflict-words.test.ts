import { expect, it, test } from 'vitest';
import { catalogue } from '$lib/catalogue/registry';
import { defaultSettings } from '$lib/core/graph';
import type { Automation } from '$lib/core/rows/automations';
import { loadTexts } from '$lib/i18n';
import { sampleGraph, sampleView } from '../testing/editors';
import { conflictParts } from './conflict-words';

await loadTexts('fr');

const automation: Automation = {
  id: 'a1',
  name: 'Bienvenue',
  status: 'draft',
  activeVersionId: null,
  draft: { graph: sampleGraph('rule.delay', 'rule.wait_for_event'), settings: defaultSettings() },
  createdAt: 1,
  updatedAt: 1
};

function parts(pointer: string, ...values: unknown[]) {
  const sides = values.map((value, at) => ({ stamp: String(at), device: `d${at}`, value }));
  return conflictParts([{ pointer, sides }], {
    automation,
    catalogue,
    view: sampleView(),
    versionNumber: (id) => (id === 'v2' ? 2 : undefined)
  });
}
const read = (pointer: string, ...values: unknown[]) =>
  parts(pointer, ...values).map(({ label, sides }) => [label, ...sides.map(({ text }) => text)]);

const days = (amount: number) => ({ amount, unit: 'days' });
const step = '/draft/graph/steps/s1';

test.each<[string, unknown, unknown, (string | RegExp)[]]>([
  ['/name', 'Bienvenue', 'Bonjour', [/nom/i, 'Bienvenue', 'Bonjour']],
  ['/status', 'paused', 'active', ['État', 'En pause', 'Active']],
  ['/activeVersionId', 'v2', null, [/version/i, 'Version 2', /./]],
  [`${step}/fields/duration`, days(2), days(3), [/^Délai · .* · Durée$/, '2\u00a0jours', '3\u00a0jours']],
  [`${step}/next/next`, 's2', null, [/mène à$/, /^Attendre/, 'Fin du parcours']],
  [`${step}/fields/duration`, days(2), undefined, [/Durée$/, '2\u00a0jours', 'Retiré']],
  ['/draft/graph/triggers/t/fields/listId', ['l1'], ['l2'], [/^Contact ajouté/, /./, /./]],
  ['/draft/graph/entry', 's1', 's2', ['Première étape', /^Délai/, /^Attendre/]],
  [step, undefined, { id: 's1', unit: 'rule.delay', version: 1, fields: { duration: { amount: 2, unit: 'days' }, window: null }, next: { next: null } }, [/^Délai/, 'Retiré', /^Reste/]], // prettier-ignore
  ['/draft/graph/notes/n1', { text: 'de A' }, { text: '' }, ['Note', 'de A', /./]],
  ['/draft/settings/reentry', { mode: 'once' }, { mode: 'after_leaving' }, [/entrer/, /fois/, /nouveau/]]
])('%s is read in words', (pointer, one, other, expected) => {
  const [texts = []] = read(pointer, one, other);
  expect(texts).toHaveLength(3);
  for (const [at, text] of texts.entries())
    if (expected[at] instanceof RegExp) expect(text).toMatch(expected[at]);
    else expect(text.replaceAll(/\s/g, ' ')).toBe(expected[at]?.replaceAll(/\s/g, ' '));
});

it('leaves out what it has no words for', () => {
  for (const pointer of ['/updatedAt', `${step}/version`]) expect(read(pointer, 1, 2)).toEqual([]);
  expect(read('/draft/settings/of a later version', 1, 2)).toEqual([]);
});

it('says that the last side holds, and that a step is gone which one of them has removed', () => {
  expect(parts(`${step}/fields/duration`, days(1), days(2))[0]).toMatchObject({
    isGone: false,
    sides: [
      { writer: 'd0', holds: false },
      { writer: 'd1', holds: true }
    ]
  });
  expect(parts('/draft/graph/steps/other/fields/a~1b', undefined, 'x')).toMatchObject([
    { label: expect.stringContaining('a/b') as string, isGone: true }
  ]);
});
