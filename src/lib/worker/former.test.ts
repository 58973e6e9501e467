import { afterEach, expect, test } from 'vitest';
import { create, update } from '$lib/core/changes';
import type { Reentry } from '$lib/core/graph';
import type { Enrolment } from '$lib/core/rows/automations';
import { enrolmentRow } from '$lib/storage/testing/rows';
import { contact, START, welcomeWorkspace, World } from './testing/world';

let world: World;
afterEach(() => world.close());

/** Ada (c1) was found to be whom another device knew as c9, whose journeys are hers now; she is added to the list. Whom that let in. */
async function entered(reentry: Reentry, ...journeys: Partial<Enrolment>[]): Promise<string[]> {
  world = new World();
  await world.put(...welcomeWorkspace(['c1', 'c2']));
  const [version] = await world.all('versions');
  await world.put(
    update('versions', 'a1-v1', { settings: { ...version?.settings, reentry } }),
    update('contacts', 'c1', { hasMerged: true }),
    create('contacts', 'c9', { ...contact('c9'), mergedInto: 'c1' }),
    ...journeys.map((journey, at) => {
      const row = enrolmentRow({ id: `a1/c9//00000${at}`, contactId: 'c1', versionId: 'a1-v1', ...journey });
      return create('enrolments', row.id, row);
    })
  );
  const before = new Set(journeys.map(({ id }, at) => id ?? `a1/c9//00000${at}`));
  await world.open();
  await world.addToList(['c1', 'c2'], 'l1');
  const rows = await world.all('enrolments');
  return rows.flatMap(({ id }) => (before.has(id) ? [] : id)).sort();
}

const OVER = { status: 'completed', endedAt: START - 1 } as const;

test('who has been in under another id is not let in once more', async () => {
  expect(await entered({ mode: 'once' }, OVER)).toEqual(['a1/c2//000000']);
});

test('who is in under another id is not let in beside that', async () => {
  expect(await entered({ mode: 'after_leaving' }, { status: 'waiting' })).toEqual(['a1/c2//000000']);
});

test('who may come in again counts on from all that they have been through', async () => {
  const own = { ...OVER, id: 'a1/c1//000002' };
  expect(await entered({ mode: 'after_leaving' }, OVER, own)).toEqual(['a1/c1//000003', 'a1/c2//000000']);
  world.close();
  expect(await entered({ mode: 'after_leaving' }, own, { ...OVER, id: 'a1/c9//000004' })).toEqual([
    'a1/c1//000005',
    'a1/c2//000000'
  ]);
});

test('a journey under another key, or through another automation, keeps nobody out', async () => {
  const journeys = [
    { ...OVER, id: 'a1/c9/order7/000000' },
    { ...OVER, id: 'a2/c9//000000', automationId: 'a2' }
  ];
  expect(await entered({ mode: 'once' }, ...journeys)).toEqual(['a1/c1//000000', 'a1/c2//000000']);
});
