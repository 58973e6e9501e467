import { describe, expect, test } from 'vitest';
import { create, update } from '$lib/core/changes';
import { defaultSettings, type Graph } from '$lib/core/graph';
import { DAY, HOUR, MINUTE } from '$lib/core/instants';
import type { Statistic } from '$lib/core/rows/automations';
import { tally, type Tally } from '$lib/engine/tally';
import { openStorage } from '$lib/storage/dexie/storage';
import { MemoryStorage } from '$lib/storage/memory';
import type { Storage } from '$lib/storage/port';
import { automationEdits } from './edits/automations';
import { Removals } from './removals';
import { contact, welcomeGraph, welcomeWorkspace, World } from './testing/world';

let databases = 0;
const storages: [string, () => Promise<Storage>][] = [
  ['in memory', () => Promise.resolve(new MemoryStorage())],
  ['on Dexie', () => openStorage({ name: `switching-${++databases}` })]
];

const ids = (count: number) => Array.from({ length: count }, (_, at) => `c${String(at).padStart(4, '0')}`);

const [first, , third, ...rest] = welcomeGraph.steps;
/** Without its mail, and with a delay of two hours. */
const withoutMail: Graph = {
  ...welcomeGraph,
  steps: [
    { ...first!, fields: { duration: { amount: 2, unit: 'hours' }, window: null }, next: { next: 's3' } },
    third!,
    ...rest
  ]
};
const withoutDelay: Graph = { ...welcomeGraph, entry: 's2', steps: welcomeGraph.steps.slice(1) };

async function begun(storage: Storage, count: number, accountId: string | null = null): Promise<World> {
  const world = new World(storage);
  await world.put(...welcomeWorkspace(ids(count), accountId));
  await world.open();
  await world.addToList(ids(count), 'l1');
  return world;
}

const editsOf = (world: World) => automationEdits(world.desk, new Removals(world.desk));

async function publish(
  world: World,
  graph: Graph,
  others: NonNullable<Parameters<ReturnType<typeof editsOf>['publish']>[1]>['others']
) {
  await editsOf(world).saveDraft('a1', { graph, settings: defaultSettings() });
  expect(await editsOf(world).publish('a1', { others })).toMatchObject({ ok: true });
}

async function whereabouts(world: World): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { versionId, status, stepId } of await world.all('enrolments')) {
    const { number } = (await world.storage.read((reader) => reader.get('versions', versionId)))!;
    const key = `v${number} ${status} ${stepId ?? ''}`.trim();
    counts[key] = (counts[key] ?? 0) + 1;
  }
  return counts;
}

/** What the statistics would be, were they counted from the journal. */
async function counted(world: World): Promise<Statistic[]> {
  const counts: Tally = new Map();
  for (const block of await world.all('journal')) tally(block, counts);
  for (const { automationId, versionId, entries = [] } of await world.all('enrolments'))
    tally({ automationId, versionId, entries }, counts);
  return [...counts.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
}

const kept = async (world: World) => (await world.all('statistics')).sort((a, b) => (a.id < b.id ? -1 : 1));

describe.each(storages)('journeys when a new version is published, %s', (_, open) => {
  test('finish on theirs, unless somebody says otherwise', async () => {
    const world = await begun(await open(), 3);
    await publish(world, withoutMail, 'finish');
    await world.look();
    expect(await whereabouts(world)).toEqual({ 'v1 waiting s1': 3 });
    await world.pass(HOUR);
    expect(await world.outbox()).toHaveLength(3);
  });

  test('go over in batches, none lost, none twice, also over a crash in between; the statistics stay the journal’s', async () => {
    const world = await begun(await open(), 1_200);
    const preview = await editsOf(world).switchPreview('a1', 'next', 'active');
    expect(preview).toEqual([]);
    await editsOf(world).saveDraft('a1', { graph: withoutDelay, settings: defaultSettings() });
    expect(await editsOf(world).switchPreview('a1', 'next', 'draft')).toEqual([
      { versionId: 'a1-v1', number: 1, stepId: 's1', count: 1_200, destination: { goes: 'on', to: 's2' } }
    ]);
    expect(await whereabouts(world)).toEqual({ 'v1 waiting s1': 1_200 });

    const transact = world.storage.transact.bind(world.storage);
    let batches = 0;
    world.storage.transact = (work, options) =>
      transact(async (transaction) => {
        const done = await work(transaction);
        const [automation] = await transaction.query('automations', {});
        if ((automation?.switching?.done ?? 0) > 500 && ++batches > 0) throw new Error('crash');
        return done;
      }, options);
    await editsOf(world).publish('a1', { others: 'next' });
    await expect(world.look()).rejects.toThrow('crash');
    expect((await world.all('automations'))[0]?.switching).toMatchObject({ choice: 'next', total: 1_200, done: 500 });
    const half = await whereabouts(world);
    expect([half['v1 waiting s1'], batches]).toEqual([700, 1]);

    world.storage.transact = transact;
    await world.look();
    expect((await world.all('automations'))[0]?.switching).toBeUndefined();
    expect(await whereabouts(world)).toEqual({ 'v2 waiting s3': 1_200 });
    const outbox = await world.outbox();
    expect(new Set(outbox.map(({ contactId }) => contactId)).size).toBe(1_200);
    expect(outbox).toHaveLength(1_200);
    expect((await world.journal('c0007')).map(({ kind }) => kind)).toEqual([
      'entered',
      'waits',
      'switched',
      'queued',
      'moved',
      'waits'
    ]);
    expect(await kept(world)).toEqual(await counted(world));
  });

  test('keep their step, whose wait is made anew where it was changed', async () => {
    const world = await begun(await open(), 2);
    await publish(world, withoutMail, 'next');
    await world.look();
    expect(await whereabouts(world)).toEqual({ 'v2 waiting s1': 2 });
    await world.pass(HOUR + MINUTE);
    expect(await whereabouts(world)).toEqual({ 'v2 waiting s1': 2 });
    await world.pass(HOUR);
    expect(await whereabouts(world)).toEqual({ 'v2 waiting s3': 2 });
    expect(await world.outbox()).toEqual([]);
  });

  test('leave, if that was chosen, and what they had still to send is not sent', async () => {
    const world = await begun(await open(), 2, 'acc1');
    world.isOnline = false;
    await world.pass(HOUR);
    expect(await whereabouts(world)).toEqual({ 'v1 waiting s2': 2 });
    await publish(world, withoutMail, 'end');
    world.isOnline = true;
    await world.look();
    expect(await whereabouts(world)).toEqual({ 'v1 exited': 2 });
    expect((await world.outbox()).map(({ status }) => status)).toEqual(['cancelled', 'cancelled']);
    expect(world.calls.filter(({ url }) => url.endsWith('/v3/smtp/email'))).toEqual([]);
    expect(await world.enrolment('c0000')).toMatchObject({ reason: { key: 'words.engine.version_ended' } });
  });

  test('a message at a removed step that is on its way is waited for; one that still waits does not leave', async () => {
    const world = await begun(await open(), 2, 'acc1');
    world.isOnline = false;
    await world.pass(HOUR);
    const [row] = await world.outbox();
    await world.put(create('intents', 'i', { id: 'i', at: world.now, outboxIds: [row!.id] }));
    await publish(world, withoutMail, 'next');
    await world.look();
    expect(await whereabouts(world)).toEqual({ 'v1 waiting s2': 1, 'v2 waiting s3': 1 });
    expect((await world.outbox()).map(({ status }) => status)).toEqual(['sending', 'cancelled']);
    expect((await world.all('automations'))[0]?.switching).toMatchObject({ total: 2, done: 1 });
    await world.put({ table: 'intents', id: 'i', delete: true }, update('outbox', row!.id, { status: 'uncertain' }));
    await world.look();
    expect(await whereabouts(world)).toEqual({ 'v2 waiting s3': 2 });
    expect((await world.all('automations'))[0]?.switching).toBeUndefined();
  });

  test('whose contact is hidden wait for the undo; a pause stops the move until it goes on', async () => {
    const world = await begun(await open(), 2);
    await world.put(update('contacts', 'c0000', { hiddenAt: world.now }));
    await publish(world, withoutMail, 'next');
    await world.look();
    expect(await whereabouts(world)).toEqual({ 'v1 waiting s1': 1, 'v2 waiting s1': 1 });
    await editsOf(world).pause('a1');
    await world.put(update('contacts', 'c0000', { hiddenAt: undefined }));
    await world.look();
    expect(await whereabouts(world)).toEqual({ 'v1 waiting s1': 1, 'v2 waiting s1': 1 });
    await editsOf(world).resume('a1');
    await world.look();
    expect(await whereabouts(world)).toEqual({ 'v2 waiting s1': 2 });
    expect(await kept(world)).toEqual(await counted(world));
  });

  test('who have entered a later version meanwhile are not brought back', async () => {
    const world = await begun(await open(), 2);
    await world.put(update('contacts', 'c0000', { hiddenAt: world.now }));
    await publish(world, withoutMail, 'next');
    await world.look();
    await publish(world, welcomeGraph, 'finish');
    await world.put(create('contacts', 'c9', contact('c9')), update('contacts', 'c0000', { hiddenAt: undefined }));
    await world.addToList(['c9'], 'l1');
    expect(await whereabouts(world)).toEqual({ 'v2 waiting s1': 2, 'v3 waiting s1': 1 });
    expect((await world.all('automations'))[0]?.switching).toBeUndefined();
  });

  test('those who were left on an old version can go over later', async () => {
    const world = await begun(await open(), 2);
    await publish(world, withoutMail, 'finish');
    await world.look();
    expect(await editsOf(world).switchPreview('a1', 'next', 'active')).toMatchObject([
      { stepId: 's1', count: 2, destination: { goes: 'same', remade: true } }
    ]);
    expect(await editsOf(world).switchJourneys('a1', 'next')).toMatchObject({ ok: true });
    await world.pass(2 * HOUR);
    await world.pass(3 * DAY);
    expect(await whereabouts(world)).toEqual({ 'v2 completed': 2 });
  });
});
