import { create, update } from '$lib/core/changes';
import type { Contact } from '$lib/core/rows/contacts';
import { liveQuery } from 'dexie';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  connectionRow,
  contactRow,
  enrolmentRow,
  eventRow,
  journalRow,
  listRow,
  outboxRow,
  settingsRow
} from '../testing/rows';
import * as queries from './queries';
import { openStorage, type DexieStorage } from './storage';

let databases = 0;
let storage: DexieStorage;
beforeEach(async () => {
  storage = await openStorage({ name: `queries-${++databases}` });
});
afterEach(() => storage.close());

async function contacts(...rows: (Partial<Contact> & { id: string })[]): Promise<void> {
  await storage.commit(
    rows.flatMap((row) => [
      create('contacts', row.id, contactRow(row)),
      ...(row.email === undefined
        ? []
        : [
            create('identities', ['email', row.email.toLowerCase()], {
              kind: 'email' as const,
              value: row.email.toLowerCase(),
              contactId: row.id
            })
          ])
    ])
  );
}

describe('the contacts table', () => {
  beforeEach(async () => {
    await storage.commit([create('lists', 'l1', listRow({ id: 'l1' })), create('lists', 'l2', listRow({ id: 'l2' }))]);
    await contacts(
      { id: 'c1', email: 'Zoe@x.fr', listIds: ['l1'], attributes: { CITY: 'Évian', AGE: 9 } },
      { id: 'c2', email: 'anna@x.fr', attributes: { CITY: 'Lyon', AGE: 30 } },
      { id: 'c3', phone: '+33612345678', listIds: ['l1', 'l2'], attributes: { CITY: 'arles' } },
      { id: 'c4', email: 'gone@x.fr', listIds: ['l1'], hiddenAt: 5 },
      { id: 'c5', email: 'twin@x.fr', listIds: ['l1'], mergedInto: 'c2' },
      { id: 'c6', email: 'leo@y.fr', listIds: ['l1'] }
    );
  });
  const order = (more: Partial<queries.ContactsShown> = {}) =>
    queries.contactOrder(storage.database, { listId: null, search: '', sort: queries.NEWEST_FIRST, ...more });
  const byEmail = { by: 'email', descending: false } as const;

  it('shows the newest first, without hidden and merged contacts', async () => {
    expect(await order()).toEqual(['c6', 'c3', 'c2', 'c1']);
    expect(await order({ sort: { by: 'created', descending: false } })).toEqual(['c1', 'c2', 'c3', 'c6']);
    expect(await order({ listId: 'l1' })).toEqual(['c6', 'c3', 'c1']);
    expect(await queries.contactCount(storage.database)).toBe(4);
    expect(await queries.contactCountsByList(storage.database)).toEqual({ l1: 3, l2: 1 });
  });

  it('sorts by address whatever the capitals; those without one come last', async () => {
    expect(await order({ sort: byEmail })).toEqual(['c2', 'c6', 'c1', 'c3']);
    expect(await order({ sort: { by: 'email', descending: true } })).toEqual(['c1', 'c6', 'c2', 'c3']);
    expect(await order({ sort: byEmail, listId: 'l1' })).toEqual(['c6', 'c1', 'c3']);
  });

  it('sorts and searches more contacts than are read at once', async () => {
    const many = Array.from({ length: 4_100 }, (_, at) => `m${String(at).padStart(5, '0')}`);
    await contacts(...many.map((id) => ({ id, email: `${id.slice(0, 5)}${id}@Z.fr` })));
    const emails = (ids: readonly string[]) => ids.filter((id) => id.startsWith('m'));
    expect(emails(await order({ sort: byEmail }))).toEqual(many);
    expect(emails(await order({ sort: { by: 'email', descending: true } }))).toEqual([...many].reverse());
    expect(emails(await order({ search: 'z.fr', sort: { by: 'created', descending: false } }))).toEqual(many);
  });

  it('sorts by an attribute as people would', async () => {
    const sort = { by: 'attribute', attributeId: 'CITY', descending: false } as const;
    expect(await order({ sort })).toEqual(['c3', 'c1', 'c2', 'c6']);
    expect(await order({ sort: { ...sort, attributeId: 'AGE', descending: true } })).toEqual(['c2', 'c1', 'c3', 'c6']);
  });

  it('searches all words without case or accents', async () => {
    expect(await order({ search: 'EVIAN' })).toEqual(['c1']);
    expect(await order({ search: 'x.fr  lyon' })).toEqual(['c2']);
    expect(await order({ search: '12345', listId: 'l2' })).toEqual(['c3']);
    expect(await order({ search: 'fr', sort: byEmail })).toEqual(['c2', 'c6', 'c1']);
    expect(await order({ search: 'gone' })).toEqual([]);
  });

  it('gives a page in the order of the table, in every sort', async () => {
    for (const sort of [
      queries.NEWEST_FIRST,
      byEmail,
      { by: 'attribute', attributeId: 'CITY', descending: true } as const
    ])
      for (const listId of [null, 'l1'])
        for (const limit of [1, 2, 50]) {
          const first = await queries.firstContacts(storage.database, { listId, sort, limit });
          expect(first.map(({ id }) => id)).toEqual((await order({ listId, sort })).slice(0, limit));
        }
  });

  it('gives contacts by id, in the order asked for', async () => {
    const rows = await queries.contactsById(storage.database, ['c3', 'c9', 'c1']);
    expect(rows.map(({ id }) => id)).toEqual(['c3', 'c1']);
  });

  it('is told of changes that storage commits', async () => {
    const seen: string[][] = [];
    const subscription = liveQuery(() => order({ listId: 'l2' })).subscribe((ids) => seen.push(ids));
    const until = async (length: number) => {
      while (seen.length < length) await new Promise((resolve) => setTimeout(resolve, 5));
    };
    await until(1);
    await storage.commit([{ table: 'contacts', id: 'c1', addToSet: { listIds: ['l2'] } }]);
    await until(2);
    await storage.commit([update('contacts', 'c3', { hiddenAt: 9 })], { durability: 'strict' });
    await until(3);
    subscription.unsubscribe();
    expect(seen.slice(0, 3)).toEqual([['c3'], ['c3', 'c1'], ['c1']]);
  });
});

describe('one contact', () => {
  it('has its events newest first, a page at a time', async () => {
    await storage.commit(
      [3, 1, 2].map((occurredAt) => create('events', `e${occurredAt}`, eventRow({ id: `e${occurredAt}`, occurredAt })))
    );
    await storage.commit([create('events', 'e9', eventRow({ id: 'e9', contactId: 'c2', occurredAt: 9 }))]);
    const page = (offset: number) => queries.eventsByContact(storage.database, 'c1', { offset, limit: 2 });
    expect((await page(0)).map(({ id }) => id)).toEqual(['e3', 'e2']);
    expect((await page(2)).map(({ id }) => id)).toEqual(['e1']);
  });

  it('has its enrolments, and each its journal', async () => {
    await storage.commit([
      create('enrolments', 'n1', enrolmentRow({ id: 'n1', enteredAt: 1, status: 'waiting' })),
      create('enrolments', 'n2', enrolmentRow({ id: 'n2', enteredAt: 2 })),
      create('journal', ['n1', 10], journalRow({ enrolmentId: 'n1', seq: 10 })),
      create('journal', ['n1', 9], journalRow({ enrolmentId: 'n1', seq: 9 })),
      create('journal', ['n2', 0], journalRow({ enrolmentId: 'n2', seq: 0 }))
    ]);
    const { database } = storage;
    expect((await queries.enrolmentsByContact(database, 'c1')).map(({ id }) => id)).toEqual(['n2', 'n1']);
    expect((await queries.enrolmentsByContact(database, 'c1', ['waiting'])).map(({ id }) => id)).toEqual(['n1']);
    expect((await queries.journalBlocks(database, 'n1')).map(({ seq }) => seq)).toEqual([9, 10]);
  });
});

describe('an automation', () => {
  it('counts who is where', async () => {
    await storage.commit(
      (
        [
          ['waiting', 's1'],
          ['waiting', 's1'],
          ['active', 's2'],
          ['completed', null]
        ] as const
      ).map(([status, stepId], at) => create('enrolments', `n${at}`, enrolmentRow({ id: `n${at}`, status, stepId })))
    );
    const { database } = storage;
    const step = (id: string) => ({ id, unit: 'rule.delay', version: 1, fields: {}, next: {} });
    const graph = { triggers: [], entry: 's1', steps: [step('s1'), step('s2'), step('s3')], notes: [] };
    expect(await queries.waitingByStep(database, { id: 'v1', graph })).toEqual({ s1: 2, s2: 1, s3: 0 });
    expect(await queries.enrolmentCountsByStatus(database, 'a1')).toEqual({
      active: 1,
      waiting: 2,
      completed: 1,
      exited: 0,
      failed: 0
    });
    const waiting = await queries.enrolmentsByStatus(database, {
      automationId: 'a1',
      status: 'waiting',
      offset: 1,
      limit: 5
    });
    expect(waiting.map(({ id }) => id)).toEqual(['n1']);
    expect(await queries.enrolmentsByStep(database, { versionId: 'v1', stepId: 's2', limit: 5 })).toHaveLength(1);
  });

  it('has its statistics', async () => {
    const statistic = { id: 'v1 s1 moved', automationId: 'a1', versionId: 'v1', stepId: 's1', what: 'moved', count: 3 };
    await storage.commit([create('statistics', statistic.id, statistic)]);
    expect(await queries.statisticsByAutomation(storage.database, 'a1')).toEqual([statistic]);
  });
});

describe('messages', () => {
  it('are found by status and counted', async () => {
    await storage.commit(
      [1, 3, 2].map((dueAt) => create('outbox', `o${dueAt}`, outboxRow({ id: `o${dueAt}`, dueAt })))
    );
    await storage.commit([create('outbox', 'o9', outboxRow({ id: 'o9', status: 'failed' }))]);
    const page = await queries.outboxByStatus(storage.database, { status: 'queued', offset: 0, limit: 2 });
    expect(page.map(({ id }) => id)).toEqual(['o3', 'o2']);
    expect(await queries.outboxCountsByStatus(storage.database)).toMatchObject({ queued: 3, failed: 1, sent: 0 });
  });

  it('of the Sandbox make its mailbox', async () => {
    const webhook = { channel: 'webhook', method: 'POST', url: 'https://example.org', headers: {} } as const;
    await storage.commit([
      create('outbox', 'o1', outboxRow({ id: 'o1', status: 'sent', dueAt: 1 })),
      create('outbox', 'o2', outboxRow({ id: 'o2', status: 'sent', dueAt: 2 })),
      create('outbox', 'o3', outboxRow({ id: 'o3', status: 'sent', accountId: 'p1' })),
      create('outbox', 'o4', outboxRow({ id: 'o4', status: 'sent', request: webhook })),
      create('outbox', 'o5', outboxRow({ id: 'o5' })),
      create('reactions', 'r1', { id: 'r1', outboxId: 'o1', kind: 'opened', at: 1 })
    ]);
    const rows = await queries.mailbox(storage.database, { offset: 0, limit: 10 });
    expect(rows.map(({ id }) => id)).toEqual(['o2', 'o1']);
    expect(await queries.reactionsByMessage(storage.database, 'o1')).toHaveLength(1);
  });
});

describe('sync', () => {
  it('is not set up, or has so many rows to tell', async () => {
    expect(await queries.syncStanding(storage.database)).toBeNull();
    const standing = { id: 'sync', device: 'a', greatest: null, generation: 1, cursor: null, peers: {}, next: 0, attempt: null, baseline: null } as const; // prettier-ignore
    const connection = connectionRow();
    const kept = { table: 'contacts', key: 'c1', made: '0000000000001' };
    await storage.commit([
      create('runtime', 'sync', standing),
      create('runtime', 'connection', connection),
      create('syncRows', ['contacts', 'c1'], { ...kept, unsent: 1 }),
      create('syncRows', ['contacts', 'c2'], { ...kept, key: 'c2' }),
      create('syncRows', ['cursors', 'x'], { ...kept, table: 'cursors', key: 'x', unsent: 1 }),
      create('syncLog', 'g1', { id: 'g1', at: 1, tables: { cursors: { made: ['x'] } } }),
      create('syncLog', 'g2', { id: 'g2', at: 1, tables: { contacts: { made: ['c3'] } } })
    ]);
    expect(await queries.syncStanding(storage.database)).toEqual({ standing, connection, waiting: 2 });
  });
});

describe('the workspace', () => {
  it('has settings, rows by name and imports', async () => {
    await storage.commit([
      create('settings', 'workspace', settingsRow()),
      create('lists', 'l1', listRow({ id: 'l1', name: 'École 10' })),
      create('lists', 'l2', listRow({ id: 'l2', name: 'École 9' })),
      create('lists', 'l3', listRow({ id: 'l3', name: 'amis' }))
    ]);
    expect((await queries.settings(storage.database))?.timeZone).toBe('Europe/Paris');
    expect((await queries.rowsByName(storage.database, 'lists')).map(({ id }) => id)).toEqual(['l3', 'l2', 'l1']);
    expect((await queries.rowById(storage.database, 'lists', 'l2'))?.name).toBe('École 9');
    expect(await queries.imports(storage.database)).toEqual([]);
    expect(await queries.cursors(storage.database)).toEqual([]);
  });
});
