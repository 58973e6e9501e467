import { expect, test } from 'vitest';
import { create } from '$lib/core/changes';
import { defaultSettings, emptyGraph } from '$lib/core/graph';
import type { Enrolment } from '$lib/core/rows/automations';
import { MemoryStorage } from '$lib/storage/memory';
import { contactRow, enrolmentRow, outboxRow } from '$lib/storage/testing/rows';
import { newStanding } from '$lib/sync/standing';
import { endAllRivals } from './rivals';
import { settle } from './settling';

const NOW = Date.UTC(2027, 0, 15);

const journey = (id: string, more: Partial<Enrolment> = {}) =>
  enrolmentRow({ id, status: 'waiting', contactId: 'p1', visits: { s1: 1 }, ...more });

/** What is left on its way once one of them was received from another device; p2 has become p1. */
async function left(
  enrolments: readonly Enrolment[],
  receivedId: string,
  { storage = new MemoryStorage(), runs = true } = {}
): Promise<string[]> {
  await storage.commit([
    create('contacts', 'p1', contactRow({ id: 'p1' })),
    create('contacts', 'p2', contactRow({ id: 'p2', mergedInto: 'p1' })),
    ...enrolments.map((row) => create('enrolments', row.id, row))
  ]);
  const after = enrolments.find(({ id }) => id === receivedId);
  await storage.transact((transaction) =>
    settle(transaction, [{ table: 'enrolments', key: receivedId, before: undefined, after }], { now: NOW, runs })
  );
  const rows = await storage.read((reader) => reader.query('enrolments', {}));
  const before = new Map(enrolments.map(({ id, status }) => [id, status]));
  const over = rows.filter(({ id, status }) => status === 'exited' && before.get(id) === 'waiting');
  for (const row of over) expect(row).toMatchObject({ endedAt: NOW, reason: { key: 'words.sync.same_person' } });
  return rows.filter(({ status }) => status === 'waiting').map(({ id }) => id);
}

test.each(['a1/p1//000000', 'a1/p2//000000'])(
  'of two journeys of one person the further one stays, when %s comes',
  async (id) => {
    const [own, others] = [journey('a1/p1//000000'), journey('a1/p2//000000', { visits: { s1: 1, s2: 1 } })];
    expect(await left([own, others], id)).toEqual(['a1/p2//000000']);
    expect(await left([{ ...own, visits: { s1: 2, s2: 1 } }, others], id)).toEqual(['a1/p1//000000']);
  }
);

test('journeys that one person may have beside each other stay', async () => {
  const beside = [journey('a1/p1/order1/000000'), journey('a1/p1/order2/000000')];
  expect(await left(beside, 'a1/p1/order1/000000')).toEqual(['a1/p1/order1/000000', 'a1/p1/order2/000000']);
  const moved = [journey('a1/p1/order1/000000'), journey('a1/p2/order2/000000')];
  expect(await left(moved, 'a1/p2/order2/000000')).toEqual(['a1/p1/order1/000000', 'a1/p2/order2/000000']);
  const other = [journey('a1/p1//000000'), journey('a2/p2//000000', { automationId: 'a2' })];
  expect(await left(other, 'a2/p2//000000')).toEqual(['a1/p1//000000', 'a2/p2//000000']);
});

test.each([
  ['once', 'completed', NOW - 2, []],
  ['once', 'exited', NOW - 2, []],
  ['after_leaving', 'completed', NOW, []],
  ['after_leaving', 'completed', NOW - 2, ['a1/p2//000000']]
] as const)(
  'under %s, of a person who has %s one journey at %d, the other that began a ms before now goes on or not',
  async (mode, status, endedAt, stays) => {
    const storage = new MemoryStorage();
    const settings = { ...defaultSettings(), reentry: { mode } };
    const version = { id: 'v1', automationId: 'a1', number: 1, publishedAt: 0, graph: emptyGraph(), settings };
    await storage.commit([create('versions', 'v1', version)]);
    const own = journey('a1/p1//000000', { status, endedAt, versionId: 'v1', reason: undefined });
    const others = journey('a1/p2//000000', { enteredAt: NOW - 1, versionId: 'v1' });
    expect(await left([own, others], 'a1/p2//000000', { storage })).toEqual(stays);
  }
);

test('one that was ended for the other’s sake keeps nobody out', async () => {
  const others = journey('a1/p2//000000', { enteredAt: NOW - 1 });
  const reason = { key: 'words.sync.same_person' };
  const ended = journey('a1/p1//000000', { status: 'exited', endedAt: NOW, reason });
  expect(await left([ended, others], 'a1/p2//000000')).toEqual(['a1/p2//000000']);
});

test('what the one that is over has made and not sent does not leave; of an earlier try its user is asked', async () => {
  const storage = new MemoryStorage();
  const messages = [
    outboxRow({ id: 'm1', contactId: 'p1', enrolmentId: 'a1/p1//000000', status: 'queued' }),
    outboxRow({ id: 'm2', contactId: 'p1', enrolmentId: 'a1/p1//000000', status: 'queued', doubtSince: 5 }),
    outboxRow({ id: 'm3', contactId: 'p1', enrolmentId: 'a1/p1//000000', status: 'sent' }),
    outboxRow({ id: 'm4', contactId: 'p1', enrolmentId: 'a1/p2//000000', status: 'queued' })
  ];
  await storage.commit(messages.map((row) => create('outbox', row.id, row)));
  await left([journey('a1/p1//000000'), journey('a1/p2//000000', { visits: { s1: 1, s2: 1 } })], 'a1/p2//000000', {
    storage
  });
  const rows = await storage.read((reader) => reader.query('outbox', {}));
  expect(rows.map(({ status }) => status)).toEqual(['cancelled', 'uncertain', 'sent', 'queued']);
});

test('only the device that runs them ends one; who becomes that, or leaves the others, ends what it knew before, once', async () => {
  const storage = new MemoryStorage();
  await storage.commit([create('runtime', 'sync', newStanding('d1', 1))]);
  const all = [journey('a1/p1//000000'), journey('a1/p2//000000', { visits: { s1: 1, s2: 1 } })];
  expect(await left(all, 'a1/p2//000000', { storage, runs: false })).toEqual(['a1/p1//000000', 'a1/p2//000000']);
  expect(await storage.read((reader) => reader.get('runtime', 'sync'))).toMatchObject({ hasRivals: true });
  await endAllRivals((work) => storage.transact(work), NOW);
  const rows = await storage.read((reader) => reader.query('enrolments', {}));
  expect(rows.map(({ status }) => status)).toEqual(['exited', 'waiting']);
  expect(await storage.read((reader) => reader.get('runtime', 'sync'))).not.toHaveProperty('hasRivals');
});

test('who runs them has nothing to look for when it begins', async () => {
  const storage = new MemoryStorage();
  await storage.commit([create('runtime', 'sync', newStanding('d1', 1))]);
  await left([journey('a1/p1//000000'), journey('a1/p2//000000')], 'a1/p2//000000', { storage });
  let queries = 0;
  await endAllRivals(
    (work) =>
      storage.transact((transaction) => {
        const query: typeof transaction.query = (...asked) => (queries++, transaction.query(...asked));
        return work({ ...transaction, get: transaction.get.bind(transaction), query });
      }),
    NOW
  );
  expect(queries).toBe(0);
});
