import { afterEach, expect, test } from 'vitest';
import { create } from '$lib/core/changes';
import { ok } from '$lib/core/result';
import { TABLE_NAMES } from '$lib/core/tables';
import { openStorage, type DexieStorage } from '$lib/storage/dexie/storage';
import { StorageFailure } from '$lib/storage/failures';
import { MemoryStorage } from '$lib/storage/memory';
import { contactRow, eventRow, settingsRow } from '$lib/storage/testing/rows';
import { SYNCED } from '$lib/sync/synced';
import { mergeInto, savedFile } from './testing';

let databases = 0;
const opened: DexieStorage[] = [];
afterEach(() => {
  for (const storage of opened.splice(0)) storage.close();
});

/** A workspace on a disk that has room for so many writes. */
async function workspaceWith(room: { writes: number }): Promise<DexieStorage> {
  const storage = await openStorage({ name: `full-disk-${++databases}` });
  opened.push(storage);
  await storage.commit([create('settings', 'workspace', settingsRow())]);
  storage.database.use({
    stack: 'dbcore',
    name: 'full disk',
    create: (core) => ({
      ...core,
      table: (name) => {
        const table = core.table(name);
        return {
          ...table,
          mutate: (request) =>
            room.writes-- > 0
              ? table.mutate(request)
              : Promise.reject(new DOMException('no room is left', 'QuotaExceededError'))
        };
      }
    })
  });
  storage.database.close({ disableAutoOpen: false });
  await storage.open();
  return storage;
}

async function contents(storage: DexieStorage): Promise<unknown> {
  const tables = TABLE_NAMES.filter((table) => SYNCED[table] !== 'own');
  return storage.read((reader) => Promise.all(tables.map((table) => reader.query(table, {}))));
}

test('a transaction on a full disk leaves nothing half written, and is told in words', async () => {
  const room = { writes: 1 };
  const storage = await workspaceWith(room);
  const before = await contents(storage);
  const failure = await storage
    .commit([
      create('contacts', 'c1', contactRow({ id: 'c1' })),
      create('events', 'e1', eventRow({ id: 'e1', contactId: 'c1' }))
    ])
    .catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(StorageFailure);
  expect((failure as StorageFailure).words).toEqual({ key: 'words.storage.full' });
  expect(await contents(storage)).toEqual(before);
  room.writes = Infinity;
  await storage.commit([create('contacts', 'c1', contactRow({ id: 'c1' }))]);
  expect(await storage.read((reader) => reader.count('contacts'))).toBe(1);
});

test('a merge that a full disk has cut off comes to the same once there is room', async () => {
  const source = new MemoryStorage();
  await source.commit([
    create('settings', 'workspace', settingsRow()),
    ...Array.from({ length: 1_200 }, (_, at) =>
      create('contacts', `c${at}`, contactRow({ id: `c${at}`, email: `c${at % 1_100}@x.fr`, createdAt: at }))
    ),
    ...Array.from({ length: 600 }, (_, at) =>
      create('events', `e${at}`, eventRow({ id: `e${at}`, contactId: `c${at}` }))
    )
  ]);
  const file = await savedFile(source);
  const roomy = await workspaceWith({ writes: Infinity });
  expect(await mergeInto(roomy, file)).toEqual(ok(undefined));
  const whole = await contents(roomy);

  const room = { writes: 0 };
  const cramped = await workspaceWith(room);
  for (const writes of [3, 9, 15]) {
    room.writes = writes;
    await expect(mergeInto(cramped, file)).rejects.toBeInstanceOf(StorageFailure);
    const { contacts, identities } = await cramped.read(async (reader) => ({
      contacts: await reader.count('contacts'),
      identities: await reader.count('identities')
    }));
    // Whole batches, with all that follows from them.
    expect(contacts % 500).toBe(0);
    expect(identities).toBe(contacts);
  }
  room.writes = Infinity;
  expect(await mergeInto(cramped, file)).toEqual(ok(undefined));
  expect(await contents(cramped)).toEqual(whole);
});
