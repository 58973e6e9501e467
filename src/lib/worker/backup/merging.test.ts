import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { create, remove, update, type Change } from '$lib/core/changes';
import { defaultSettings, emptyGraph } from '$lib/core/graph';
import type { Automation } from '$lib/core/rows/automations';
import type { Contact } from '$lib/core/rows/contacts';
import { TABLE_NAMES, type TableName, type Tables } from '$lib/core/tables';
import { identitiesOf, identityKey } from '$lib/records/contacts/identity';
import { MemoryStorage } from '$lib/storage/memory';
import { rollupChanges } from '$lib/storage/rollup-changes';
import { contactRow, enrolmentRow, eventRow, journalRow, listRow, outboxRow, settingsRow } from '$lib/storage/testing/rows'; // prettier-ignore
import { syncCapture } from '$lib/sync/capture';
import { newStanding } from '$lib/sync/standing';
import { SYNCED } from '$lib/sync/synced';
import { foldAll } from '../syncing/applying';
import { mergeInto, NOW, savedFile } from './testing';

const automation = (more: Partial<Automation> = {}): Automation => ({
  id: 'a1',
  name: 'Bienvenue',
  status: 'active',
  activeVersionId: 'v1',
  draft: { graph: emptyGraph(), settings: defaultSettings() },
  createdAt: 1,
  updatedAt: 1,
  ...more
});

/** Contacts with what makes them known. */
const people = (...contacts: Contact[]): Change[] =>
  contacts.flatMap((contact) => [
    create('contacts', contact.id, contact),
    ...identitiesOf(contact).map((one) => create('identities', identityKey(one), one))
  ]);

async function workspace(...changes: Change[]): Promise<MemoryStorage> {
  const storage = new MemoryStorage();
  await storage.commit([create('settings', 'workspace', settingsRow()), ...changes]);
  return storage;
}

async function happened(storage: MemoryStorage, ...events: Tables['events'][]): Promise<void> {
  await storage.transact(async (transaction) => {
    await transaction.apply(events.map((event) => create('events', event.id, event)));
    await transaction.apply(await rollupChanges(transaction, events));
  });
}

const rows = <T extends TableName>(storage: MemoryStorage, table: T) =>
  storage.read((reader) => reader.query(table, {}));

/** All but the runner's own rows. */
async function contents(storage: MemoryStorage): Promise<Record<string, unknown>> {
  const tables = TABLE_NAMES.filter((table) => SYNCED[table] !== 'own');
  return Object.fromEntries(
    await Promise.all(tables.map(async (table) => [table, await rows(storage, table)] as const))
  );
}

async function merged(here: MemoryStorage, there: MemoryStorage): Promise<MemoryStorage> {
  expect(await mergeInto(here, await savedFile(there))).toEqual({ ok: true, value: undefined });
  return here;
}

describe('a merge', () => {
  test('adds what is not here, takes what was changed later, and keeps the rest', async () => {
    const here = await workspace(
      ...people(contactRow({ id: 'c1', email: 'a@x.fr', updatedAt: 5 }), contactRow({ id: 'c2', updatedAt: 9 })),
      create('lists', 'l1', listRow({ id: 'l1', name: 'Ici' }))
    );
    const there = await workspace(
      ...people(
        contactRow({ id: 'c1', email: 'b@x.fr', updatedAt: 6 }),
        contactRow({ id: 'c2', externalId: 'old', updatedAt: 8 }),
        contactRow({ id: 'c3' })
      ),
      create('lists', 'l1', listRow({ id: 'l1', name: 'Là' })),
      create('lists', 'l2', listRow({ id: 'l2' }))
    );
    await merged(here, there);
    expect((await rows(here, 'contacts')).map(({ id, email, externalId }) => [id, email, externalId])).toEqual([
      ['c1', 'b@x.fr', undefined],
      ['c2', undefined, undefined],
      ['c3', undefined, undefined]
    ]);
    expect((await rows(here, 'lists')).map(({ name }) => name)).toEqual(['Ici', 'Lettre']);
    expect(await rows(here, 'identities')).toEqual([{ kind: 'email', value: 'b@x.fr', contactId: 'c1' }]);
  });

  test('makes one of two contacts with one address, and counts what both have done', async () => {
    const here = await workspace(...people(contactRow({ id: 'c1', email: 'lea@x.fr', createdAt: 5 })));
    await happened(here, eventRow({ id: 'e1', contactId: 'c1', occurredAt: 10 }));
    const there = await workspace(...people(contactRow({ id: 'c9', email: 'Lea@x.fr', createdAt: 7 })));
    await happened(there, eventRow({ id: 'e2', contactId: 'c9', occurredAt: 20 }));
    await merged(here, there);
    expect((await rows(here, 'contacts')).map(({ id, mergedInto }) => [id, mergedInto])).toEqual([['c1', undefined], ['c9', 'c1']]); // prettier-ignore
    expect((await rows(here, 'events')).map(({ contactId }) => contactId)).toEqual(['c1', 'c1']);
    expect(await rows(here, 'rollups')).toEqual([
      { contactId: 'c1', type: 'custom.event', count: 2, firstAt: 10, lastAt: 20, lastId: 'e2' }
    ]);
  });

  test('brings nobody back who was erased here, and erases whom the file knows as erased', async () => {
    const here = await workspace(
      create('tombstones', 'c1', { id: 'c1', at: 3 }),
      ...people(contactRow({ id: 'c2', email: 'b@x.fr' }))
    );
    const there = await workspace(
      create('tombstones', 'c2', { id: 'c2', at: 3 }),
      ...people(contactRow({ id: 'c1', email: 'a@x.fr', updatedAt: 99 }))
    );
    await happened(there, eventRow({ id: 'e1', contactId: 'c1' }));
    await merged(here, there);
    expect(await rows(here, 'contacts')).toEqual([]);
    expect(await rows(here, 'events')).toEqual([]);
    expect(await rows(here, 'identities')).toEqual([]);
    expect((await rows(here, 'tombstones')).map(({ id }) => id)).toEqual(['c1', 'c2']);
  });

  test('has one fact once, whatever it is called', async () => {
    const here = await workspace(...people(contactRow({ id: 'c1' })));
    await happened(here, eventRow({ id: 'e5', dedupeKey: 'k' }));
    const there = await workspace(...people(contactRow({ id: 'c1' })));
    await happened(there, eventRow({ id: 'e1', dedupeKey: 'k' }), eventRow({ id: 'e2', dedupeKey: 'm' }));
    await merged(here, there);
    expect((await rows(here, 'events')).map(({ id }) => id)).toEqual(['e2', 'e5']);
    expect((await rows(here, 'rollups'))[0]?.count).toBe(2);
  });

  test('starts nothing: automations that it adds are paused, journeys under way are ended, what has not left is cancelled', async () => {
    const here = await workspace();
    const there = await workspace(
      ...people(contactRow({ id: 'c1' })),
      create('automations', 'a1', automation()),
      create('enrolments', 'n1', enrolmentRow({ id: 'n1', status: 'waiting', dueAt: 9, wait: { for: 'outbox', outboxId: 'o1' }, wakes: ['c1 x'] })), // prettier-ignore
      create('outbox', 'o1', outboxRow({ id: 'o1' })),
      create('outbox', 'o2', outboxRow({ id: 'o2', status: 'sent', sentAt: 4 })),
      create('outbox', 'o3', outboxRow({ id: 'o3', status: 'scheduled', leavesAt: 99 }))
    );
    await merged(here, there);
    expect((await rows(here, 'automations'))[0]?.status).toBe('paused');
    const [journey] = await rows(here, 'enrolments');
    expect(journey).toMatchObject({ status: 'exited', stepId: null, endedAt: NOW, reason: { key: 'words.backup.journey_ended' } }); // prettier-ignore
    expect(journey).not.toHaveProperty('dueAt');
    expect(journey).not.toHaveProperty('wakes');
    expect((await rows(here, 'outbox')).map(({ id, status }) => [id, status])).toEqual([
      ['o1', 'cancelled'],
      ['o2', 'sent'],
      ['o3', 'cancelled']
    ]);
  });

  test('does not send again what the file knows as sent, and lets a journey of here go on from where it is further', async () => {
    const here = await workspace(
      create('automations', 'a1', automation()),
      ...people(contactRow({ id: 'c1' }), contactRow({ id: 'c2' })),
      create('enrolments', 'n1', enrolmentRow({ id: 'n1', visits: { s1: 1 }, wait: { for: 'outbox', outboxId: 'o1' } })), // prettier-ignore
      create('enrolments', 'n2', enrolmentRow({ id: 'n2', contactId: 'c2', visits: { s1: 1, s2: 1 }, seq: 1, dueAt: 7 })), // prettier-ignore
      create('outbox', 'o1', outboxRow({ id: 'o1' }))
    );
    const there = await workspace(
      create('automations', 'a1', automation()),
      ...people(contactRow({ id: 'c1' }), contactRow({ id: 'c2' })),
      create('enrolments', 'n1', enrolmentRow({ id: 'n1', visits: { s1: 1, s2: 1 }, stepId: 's2', seq: 1, held: 50 })),
      create('enrolments', 'n2', enrolmentRow({ id: 'n2', contactId: 'c2', visits: { s1: 1 }, seq: 2, dueAt: 3 })),
      create('journal', ['n1', 0], journalRow({ enrolmentId: 'n1', seq: 0 })),
      create('journal', ['n2', 0], journalRow({ enrolmentId: 'n2', seq: 0, contactId: 'c2' })),
      create('journal', ['n2', 1], journalRow({ enrolmentId: 'n2', seq: 1, contactId: 'c2' })),
      create('outbox', 'o1', outboxRow({ id: 'o1', status: 'sent', sentAt: 4, messageId: 'm1' })),
      create('outbox', 'n2/s3/1', outboxRow({ id: 'n2/s3/1', contactId: 'c2', enrolmentId: 'n2', stepId: 's3' }))
    );
    await merged(here, there);
    const [first, second] = await rows(here, 'enrolments');
    // Its time runs, as the automation does here.
    expect(first).toMatchObject({ status: 'active', stepId: 's2', dueAt: 50 });
    expect(first).not.toHaveProperty('held');
    expect(second).toMatchObject({ visits: { s1: 1, s2: 1 }, dueAt: 7 });
    expect(await rows(here, 'outbox')).toMatchObject([{ id: 'o1', status: 'sent', messageId: 'm1' }]);
    // The next block of its journal has a number that is free.
    expect((await rows(here, 'journal')).map(({ enrolmentId, seq }) => [enrolmentId, seq])).toEqual([['n1', 0], ['n2', 0]]); // prettier-ignore
  });

  test('leaves an automation that runs as it runs, and takes a later draft of it', async () => {
    const here = await workspace(create('automations', 'a1', automation({ updatedAt: 3 })));
    const there = await workspace(
      create(
        'automations',
        'a1',
        automation({ name: 'Bonjour', status: 'paused', activeVersionId: 'v2', updatedAt: 4 })
      )
    );
    await merged(here, there);
    expect(await rows(here, 'automations')).toEqual([automation({ name: 'Bonjour', updatedAt: 4 })]);
  });
});

describe('a merge on a device that syncs', () => {
  let ids = 0;
  const newId = (): string => `log${String(++ids).padStart(6, '0')}`;

  async function synced(...changes: Change[]): Promise<MemoryStorage> {
    const storage = new MemoryStorage({ capture: syncCapture(() => ({ now: NOW, newId })) });
    await storage.commit([create('settings', 'workspace', settingsRow()), ...changes]);
    await storage.commit([{ table: 'runtime', id: 'sync', create: newStanding('here', 1) }]);
    return storage;
  }

  test('tells the others of what it adds, as older than all they have, and of what it changes, as of now', async () => {
    const here = await synced(...people(contactRow({ id: 'c1', updatedAt: 1 })));
    const there = await workspace(...people(contactRow({ id: 'c1', externalId: 'x', updatedAt: 2 }), contactRow({ id: 'c2' })), create('automations', 'a1', automation())); // prettier-ignore
    await merged(here, there);
    await here.transact(async (transaction) => {
      await foldAll(transaction, newStanding('here', 1));
    });
    const kept = new Map((await rows(here, 'syncRows')).map((row) => [`${row.table} ${row.key}`, row]));
    expect(kept.get('contacts c2')).toMatchObject({ made: '0000000000000here', unsent: 1 });
    expect(kept.get('automations a1')).toMatchObject({ made: '0000000000000here', unsent: 1 });
    expect(Object.values(kept.get('contacts c1')?.leaves ?? {}).flat()).toContain('/externalId');
  });

  test('brings nothing back that was deleted there', async () => {
    const here = await synced(create('lists', 'l1', listRow({ id: 'l1' })));
    const there = await workspace(create('lists', 'l1', listRow({ id: 'l1' })));
    await here.commit([remove('lists', 'l1')]);
    await merged(here, there);
    expect(await rows(here, 'lists')).toEqual([]);
  });
});

describe('of any two workspaces', () => {
  const nth = (max: number) => fc.nat(max - 1);
  type Deed = (storage: MemoryStorage, at: number) => Promise<unknown>;

  const addContact =
    (id: string, email: string): Deed =>
    async (storage, at) =>
      storage.transact(async (transaction) => {
        const contact = contactRow({ id, email, createdAt: at, updatedAt: at });
        const known = await transaction.getMany('identities', identitiesOf(contact).map(identityKey));
        const isThere = (await transaction.get('contacts', id)) ?? (await transaction.get('tombstones', id));
        if (!isThere && known.every((one) => one === undefined)) await transaction.apply(people(contact));
      });
  const editContact =
    (id: string, value: string): Deed =>
    async (storage, at) =>
      storage.transact(async (transaction) => {
        if (await transaction.get('contacts', id)) await transaction.apply([update('contacts', id, { 'attributes.CITY': value, updatedAt: at })]); // prettier-ignore
      });
  const addEvent =
    (id: string, contactId: string, dedupeKey: string): Deed =>
    async (storage, at) =>
      storage.transact(async (transaction) => {
        const [known] = await transaction.query('events', { index: 'dedupeKey', equals: dedupeKey });
        if (known || (await transaction.get('events', id)) || !(await transaction.get('contacts', contactId))) return;
        const event = eventRow({ id, contactId, dedupeKey, occurredAt: at });
        await transaction.apply([create('events', id, event), ...(await rollupChanges(transaction, [event]))]);
      });
  const addJourney =
    (contactId: string, visits: number, isOver: boolean): Deed =>
    async (storage) =>
      storage.transact(async (transaction) => {
        const id = `a1/${contactId}/once`;
        if ((await transaction.get('enrolments', id)) || !(await transaction.get('contacts', contactId))) return;
        const status = isOver ? 'completed' : 'waiting';
        await transaction.apply([create('enrolments', id, enrolmentRow({ id, contactId, status, visits: { s1: visits }, ...(isOver ? {} : { dueAt: visits }) }))]); // prettier-ignore
        await transaction.apply([create('outbox', `${id}/s1/1`, outboxRow({ id: `${id}/s1/1`, enrolmentId: id, contactId, status: isOver ? 'sent' : 'queued' }))]); // prettier-ignore
      });

  const deeds = (own: string): fc.Arbitrary<Deed[]> =>
    fc.array(
      fc.oneof(
        fc.tuple(nth(4), nth(4), fc.boolean()).map(([id, email, isShared]) => addContact(`${isShared ? 'c' : own}${id}`, `p${email}@x.fr`)), // prettier-ignore
        fc.tuple(nth(4), nth(3)).map(([id, value]) => editContact(`c${id}`, `v${value}`)),
        fc.tuple(nth(6), nth(4), nth(5)).map(([id, contact, key]) => addEvent(`${own}e${id}`, `c${contact}`, `k${key}`)), // prettier-ignore
        fc.tuple(nth(4), nth(3), fc.boolean()).map(([contact, visits, isOver]) => addJourney(`c${contact}`, visits, isOver)), // prettier-ignore
        nth(3).map(
          (id): Deed =>
            (storage) =>
              storage.transact(async (transaction) => {
                if (!(await transaction.get('lists', `${own}l${id}`))) await transaction.apply([create('lists', `${own}l${id}`, listRow({ id: `${own}l${id}` }))]); // prettier-ignore
              })
        )
      ),
      { maxLength: 14 }
    );

  async function made(all: readonly Deed[], shift: number): Promise<MemoryStorage> {
    const storage = await workspace(create('automations', 'a1', automation()));
    for (const [index, deed] of all.entries()) await deed(storage, 10 * (index + 1) + shift);
    return storage;
  }

  test('a merge done twice comes to the same, and one of a workspace’s own file changes nothing', async () => {
    await fc.assert(
      fc.asyncProperty(deeds('a'), deeds('b'), async (one, other) => {
        const here = await made(one, 0);
        const there = await made(other, 5);
        const before = await contents(here);
        await merged(here, here);
        expect(await contents(here)).toEqual(before);
        await merged(here, there);
        const once = await contents(here);
        await merged(here, there);
        expect(await contents(here)).toEqual(once);
        await merged(here, here);
        expect(await contents(here)).toEqual(once);
      })
    );
  });

  test('nothing that is here is lost, all that the file adds is there, and nothing unsent comes with it', async () => {
    await fc.assert(
      fc.asyncProperty(deeds('a'), deeds('b'), async (one, other) => {
        const here = await made(one, 0);
        const there = await made(other, 5);
        const idsOf = async (storage: MemoryStorage, table: 'contacts' | 'lists' | 'enrolments' | 'outbox') =>
          (await rows(storage, table)).map(({ id }) => id);
        const tables = ['contacts', 'lists', 'enrolments', 'outbox'] as const;
        const wanted = await Promise.all(tables.map(async (table) => [...(await idsOf(here, table)), ...(await idsOf(there, table))])); // prettier-ignore
        const facts = [...(await rows(here, 'events')), ...(await rows(there, 'events'))].map(
          ({ dedupeKey }) => dedupeKey
        );
        const unsent = new Set((await rows(here, 'outbox')).filter(({ status }) => status === 'queued').map(({ id }) => id)); // prettier-ignore
        await merged(here, there);
        for (const [index, table] of tables.entries())
          expect(await idsOf(here, table)).toEqual(expect.arrayContaining(wanted[index] ?? []));
        const present = (await rows(here, 'events')).map(({ dedupeKey }) => dedupeKey);
        expect([...present].sort()).toEqual([...new Set(facts)].sort());
        for (const { id, status } of await rows(here, 'outbox')) if (status === 'queued') expect(unsent).toContain(id);
        const addresses = (await rows(here, 'contacts')).filter(({ mergedInto }) => mergedInto === undefined).flatMap(({ email }) => email ?? []); // prettier-ignore
        expect(new Set(addresses).size).toBe(addresses.length);
      })
    );
  });
});
