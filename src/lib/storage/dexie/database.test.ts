import { create, update } from '$lib/core/changes';
import Dexie from 'dexie';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { StorageFailure, toStorageFailure } from '../failures';
import { SCHEMA } from '../schema';
import { contactRow, listRow, outboxRow } from '../testing/rows';
import { VERSIONS, WorkspaceDatabase, type SchemaVersion } from './database';
import { MetaDatabase } from './meta';
import { openStorage } from './storage';

let databases = 0;
const nameOf = () => `database-${++databases}`;
afterEach(() => vi.restoreAllMocks());

describe('versions of the database', () => {
  /** Only this test knows it: contacts found by external id, and names in capitals. */
  const next: SchemaVersion = {
    version: VERSIONS.length + 1,
    stores: { contacts: 'id, email, *listIds, hiddenAt, mergedInto, externalId', tombstones: null },
    upgrade: async (transaction) => {
      await transaction
        .table<{ name: string }>('lists')
        .toCollection()
        .modify((list) => {
          list.name = list.name.toUpperCase();
        });
    }
  };

  it('brings a database of an older version, with its rows, to the newest when it is opened', async () => {
    const name = nameOf();
    const old = await openStorage({ name });
    await old.commit([
      create('contacts', 'c1', contactRow({ id: 'c1', externalId: 'x1', listIds: ['l1'] })),
      create('lists', 'l1', listRow({ id: 'l1', name: 'Lettre' }))
    ]);
    old.close();

    const storage = await openStorage({ name, versions: [...VERSIONS, next] });
    expect(storage.database.verno).toBe(VERSIONS.length + 1);
    expect(await storage.read((reader) => reader.get('lists', 'l1'))).toMatchObject({ name: 'LETTRE' });
    expect(await storage.database.contacts.where('externalId').equals('x1').primaryKeys()).toEqual(['c1']);
    expect(await storage.database.contacts.where('listIds').equals('l1').count()).toBe(1);
    expect(storage.database.tables.map((table) => table.name)).not.toContain('tombstones');
    storage.close();
  });

  it('has what sync keeps from the fifth on, and leaves the rows as they were', async () => {
    const name = nameOf();
    const old = await openStorage({ name, versions: VERSIONS.slice(0, 4) });
    await old.database.contacts.add(contactRow({ id: 'c1' }));
    old.close();
    const storage = await openStorage({ name });
    expect(await storage.read((reader) => reader.get('contacts', 'c1'))).toEqual(contactRow({ id: 'c1' }));
    const kept = { table: 'contacts', key: 'c1', made: '0000000000001', unsent: 1 as const };
    await storage.commit([create('syncRows', ['contacts', 'c1'], kept)]);
    expect(await storage.read((reader) => reader.query('syncRows', { index: 'unsent', equals: 1 }))).toEqual([kept]);
    storage.close();
  });

  it('says of each message from the sixth on whether the user has called it off', async () => {
    const name = nameOf();
    const old = await openStorage({ name, versions: VERSIONS.slice(0, 5) });
    const cancelled = { status: 'cancelled', reason: { key: 'words.outbox.cancelled_by_you' } } as const;
    await old.database.outbox.bulkAdd([
      outboxRow({ id: 'by you', ...cancelled }),
      outboxRow({ id: 'by the journey', status: 'cancelled' }),
      outboxRow({ id: 'taken back', status: 'recalled', byHand: true }),
      outboxRow({ id: 'being taken back', status: 'recalling', byHand: true }),
      outboxRow({ id: 'unmeant', status: 'recalled' }),
      outboxRow({ id: 'sent again', status: 'queued', byHand: true })
    ]);
    old.close();
    const storage = await openStorage({ name });
    const rows = await storage.database.outbox.toArray();
    expect(Object.fromEntries(rows.map(({ id, calledOff, byHand }) => [id, { calledOff, byHand }]))).toEqual({
      'by you': { calledOff: true },
      'by the journey': {},
      'taken back': { calledOff: true },
      'being taken back': { calledOff: true },
      unmeant: {},
      'sent again': { byHand: true }
    });
    storage.close();
  });

  it('upgrades while another connection is open, which then says that it was closed', async () => {
    const name = nameOf();
    const old = await openStorage({ name });
    const storage = await openStorage({ name, versions: [...VERSIONS, next] });
    const late: unknown = await old.read((reader) => reader.count('contacts')).catch((error: unknown) => error);
    expect(late).toBeInstanceOf(StorageFailure);
    expect((late as StorageFailure).reason).toBe('closed');
    storage.close();
  });

  it('are not opened by an app that does not know the newest', async () => {
    const name = nameOf();
    (await openStorage({ name, versions: [...VERSIONS, next] })).close();
    const failure: unknown = await openStorage({ name }).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(StorageFailure);
    expect((failure as StorageFailure).reason).toBe('newer');
  });

  it('come to the schema that queries and memory go by', () => {
    const last = Object.assign({}, ...VERSIONS.map(({ stores }) => stores)) as Record<string, string | null>;
    expect(last).toEqual(SCHEMA);
    expect(VERSIONS.map(({ version }) => version)).toEqual(VERSIONS.map((_, at) => at + 1));
  });
});

describe('durability', () => {
  it('takes strict commits through a connection of their own, which the others do not use', async () => {
    const seen: unknown[] = [];
    const original = IDBDatabase.prototype.transaction;
    vi.spyOn(IDBDatabase.prototype, 'transaction').mockImplementation(function (this: IDBDatabase, ...args) {
      const [, mode, options] = args;
      if (mode === 'readwrite') seen.push(options?.durability);
      return original.apply(this, args);
    });
    const storage = await openStorage({ name: nameOf() });
    await storage.commit([create('outbox', 'o1', outboxRow({ id: 'o1' }))]);
    await storage.commit([create('outbox', 'o2', outboxRow({ id: 'o2' }))], { durability: 'strict' });
    expect(seen).toEqual(['relaxed', 'strict']);
    expect(await storage.read((reader) => reader.count('outbox'))).toBe(2);
    storage.close();
  });

  it('opens that connection again where it could not be opened once', async () => {
    const storage = await openStorage({ name: nameOf() });
    vi.spyOn(indexedDB, 'databases').mockRejectedValueOnce(new DOMException('lost', 'UnknownError'));
    const commit = () => storage.commit([create('outbox', 'o1', outboxRow({ id: 'o1' }))], { durability: 'strict' });
    await expect(commit()).rejects.toMatchObject({ name: 'StorageFailure', reason: 'broken' });
    await commit();
    expect(await storage.read((reader) => reader.count('outbox'))).toBe(1);
    storage.close();
  });
});

describe('the name of the database', () => {
  it('is settled once, switched by a restore, and what was left over is deleted', async () => {
    const meta = new MetaDatabase(nameOf());
    const first = await meta.currentName();
    expect(await meta.currentName()).toBe(first);
    for (const name of [first, 'half-filled', 'restored'])
      await new WorkspaceDatabase(name).open().then((db) => db.close());

    await meta.announce('half-filled');
    await meta.sweep();
    expect(await Dexie.exists('half-filled')).toBe(false);
    expect(await meta.currentName()).toBe(first);

    await meta.announce('restored');
    expect(await meta.switchTo('restored')).toBe(first);
    await meta.sweep();
    expect(await meta.currentName()).toBe('restored');
    expect(await Dexie.exists('restored')).toBe(true);
    expect(await Dexie.exists(first)).toBe(false);
    meta.close();
  });
});

describe('the birth of the workspace', () => {
  it('stays through restores, and is another one where the browser has begun anew', async () => {
    const name = nameOf();
    const meta = new MetaDatabase(name);
    const birth = await meta.birth();
    await meta.announce('restored');
    await meta.switchTo('restored');
    await meta.sweep();
    expect(await meta.birth()).toBe(birth);
    await meta.delete();
    const anew = new MetaDatabase(name);
    expect(await anew.birth()).not.toBe(birth);
    anew.close();
  });
});

describe('failures of the database', () => {
  it.each([
    ['full', new DOMException('no room', 'QuotaExceededError')],
    ['full', new Dexie.AbortError('aborted', new DOMException('no room', 'QuotaExceededError'))],
    ['closed', new Dexie.DatabaseClosedError('closed')],
    ['newer', new Dexie.VersionError('newer')]
  ])('are told as %s', (reason, error) => {
    const failure = toStorageFailure(error);
    expect(failure).toBeInstanceOf(StorageFailure);
    expect((failure as StorageFailure).words).toEqual({ key: `words.storage.${reason}` });
  });

  it('leave bugs of ours as they are', () => {
    const bug = new TypeError('undefined is not a function');
    expect(toStorageFailure(bug)).toBe(bug);
  });
});

describe('two tabs', () => {
  it('see each other’s changes to the small tables', async () => {
    const name = nameOf();
    const [one, other] = [await openStorage({ name }), await openStorage({ name })];
    await one.commit([create('lists', 'l1', listRow({ id: 'l1', name: 'Lettre' }))]);
    const listsIn = (storage: typeof one) =>
      storage.read(async (reader) => [...(await reader.view()).lists.values()].map((list) => list.name));
    expect(await listsIn(other)).toEqual(['Lettre']);
    await one.commit([update('lists', 'l1', { name: 'Carnet' })]);
    expect(await listsIn(other)).toEqual(['Carnet']);
    expect(await other.transact(async (transaction) => (await transaction.view()).lists.get('l1')?.name)).toBe(
      'Carnet'
    );
    one.close();
    other.close();
  });
});
