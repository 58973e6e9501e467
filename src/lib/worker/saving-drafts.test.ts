import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Automation } from '$lib/core/rows/automations';
import { automationEdits } from './edits/automations';
import { Removals } from './removals';
import { welcomeWorkspace, World } from './testing/world';

type Draft = Automation['draft'];

let world: World;
let first: Draft;
beforeEach(async () => {
  world = new World();
  await world.put(...welcomeWorkspace([]));
  await world.open();
  first = await stored();
});
afterEach(() => world.close());

async function stored(): Promise<Draft> {
  return (await world.all('automations'))[0]!.draft;
}

const save = (draft: Draft, from?: Draft) =>
  automationEdits(world.desk, new Removals(world.desk)).saveDraft('a1', draft, from);

function withFields(draft: Draft, id: string, fields: object): Draft {
  const steps = draft.graph.steps.map((one) =>
    one.id === id ? { ...one, fields: { ...one.fields, ...fields } } : one
  );
  return { ...draft, graph: { ...draft.graph, steps } };
}

const fieldsOf = async (id: string) => (await stored()).graph.steps.find((one) => one.id === id)?.fields;

test('two drafts that were made of one go together, whichever is written first', async () => {
  const { reentry: _, ...others } = first.settings;
  expect((await save(withFields(first, 's1', { window: 'x' }), first)).ok).toBe(true);
  const settings = { ...others, reentry: { mode: 'after_leaving' as const } };
  expect((await save({ ...withFields(first, 's2', { tag: 'neuf' }), settings }, first)).ok).toBe(true);
  expect(await fieldsOf('s1')).toMatchObject({ window: 'x' });
  expect(await fieldsOf('s2')).toMatchObject({ tag: 'neuf' });
  expect((await stored()).settings).toEqual(settings);
});

test('of one part the later one is refused, and nothing of it is kept', async () => {
  await save(withFields(first, 's2', { tag: 'un' }), first);
  const refused = await save(withFields(withFields(first, 's2', { tag: 'deux' }), 's1', { window: 'x' }), first);
  expect(refused).toMatchObject({ ok: false, reason: { key: 'words.automation.changed_meanwhile' } });
  expect(await stored()).toEqual(withFields(first, 's2', { tag: 'un' }));
});

test('without what it was made of it takes the place of what is there', async () => {
  await save(withFields(first, 's1', { window: 'x' }), first);
  await save(first);
  expect(await stored()).toEqual(first);
});
