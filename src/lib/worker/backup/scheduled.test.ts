import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { create } from '$lib/core/changes';
import { DAY, HOUR, MINUTE } from '$lib/core/instants';
import { piecesOf } from '$lib/storage/backup/pieces';
import { MetaDatabase } from '$lib/storage/dexie/meta';
import { MemoryStorage } from '$lib/storage/memory';
import { contactRow, settingsRow } from '$lib/storage/testing/rows';
import type { Storage } from '$lib/storage/port';
import { previewWorkspace } from './preview';
import { ScheduledBackups } from './scheduled';
import { NOW } from './testing';

/** A folder on a disk: what is written counts once it is closed. */
class Folder {
  readonly files = new Map<string, Blob>();
  state: PermissionState = 'granted';
  failing: string | null = null;

  queryPermission = () => Promise.resolve(this.state);
  removeEntry = (name: string) => Promise.resolve(void this.files.delete(name));
  async *keys() {
    yield* [...this.files.keys()];
  }
  getFileHandle = async (name: string) => {
    if (this.failing === 'NotFoundError') throw new DOMException('gone', 'NotFoundError');
    this.files.set(name, new Blob([]));
    return {
      createWritable: async () => {
        const pieces: Uint8Array<ArrayBuffer>[] = [];
        return new WritableStream<Uint8Array<ArrayBuffer>>({
          write: (piece) => {
            if (this.failing) throw new DOMException('no', this.failing);
            pieces.push(piece);
          },
          close: () => void this.files.set(name, new Blob(pieces))
        });
      }
    };
  };
}

let databases = 0;
let meta: MetaDatabase;
let folder: Folder;
let now: number;
let storage: MemoryStorage;
let timers: { at: number; work: () => void }[];
let right: { isHeld: boolean };
let backups: ScheduledBackups;

/** The plan as it is kept: a folder that is no real handle cannot be cloned into the database. */
function keptBeside(database: MetaDatabase): Pick<MetaDatabase, 'backups'> {
  const { backups: table } = database;
  const withFolder = async (id: string) => {
    const row = await table.get(id);
    return row && { ...row, folder: row.folder && folder };
  };
  return {
    backups: {
      get: withFolder,
      put: (row: object) => table.put({ ...row, folder: {} } as never),
      update: (id: string, set: object) => table.update(id, set),
      delete: (id: string) => table.delete(id)
    }
  } as never;
}

beforeEach(async () => {
  meta = new MetaDatabase(`scheduled-${++databases}`);
  folder = new Folder();
  now = NOW;
  timers = [];
  right = { isHeld: true };
  storage = new MemoryStorage();
  await storage.commit([
    create('settings', 'workspace', settingsRow()),
    create('contacts', 'c1', contactRow({ id: 'c1' }))
  ]);
  backups = made(storage);
});
afterEach(() => meta.close());

function made(source: Storage): ScheduledBackups {
  return new ScheduledBackups({
    storage: source,
    meta: keptBeside(meta),
    now: () => now,
    timers: {
      after: (delay, work) => {
        timers.push({ at: now + delay, work });
        return () => undefined;
      }
    },
    right,
    shared: { isDue: () => Promise.resolve(false), save: () => Promise.reject(new Error('nothing is shared')) },
    alone: (work) => work()
  });
}

const plan = (passphrase: string | null = null, keep = 3) =>
  backups.plan({ every: 'day', keep, folder: folder as never, isShared: false, passphrase });
const state = () => meta.backups.get('schedule');
const names = () => [...folder.files.keys()].sort();

describe('backups into a folder', () => {
  test('are saved at once and then day by day, by the tab that runs the engine', async () => {
    await plan();
    right.isHeld = false;
    await backups.look();
    expect(names()).toEqual([]);
    right.isHeld = true;
    await backups.look();
    await backups.look();
    expect(names()).toEqual(['ricochet-20270115-000000.ricochet.json']);
    now += DAY - MINUTE;
    await backups.look();
    expect(names()).toHaveLength(1);
    now += MINUTE;
    await backups.look();
    expect(names()).toHaveLength(2);
    expect(await state()).toMatchObject({ savedAt: now, problem: null });
    const [name = ''] = names();
    const file = folder.files.get(name) ?? new Blob([]);
    const found = await previewWorkspace(storage, piecesOf(file, null), { now });
    expect(found).toMatchObject({ ok: true, value: { tables: { contacts: { inFile: 1, inBoth: 1 } } } });
  });

  test('keep the last ones, and let whatever else is there be', async () => {
    folder.files.set('photo.jpg', new Blob([]));
    folder.files.set('atelier-2027-01-01.ricochet.json', new Blob([]));
    await plan(null, 2);
    for (let day = 0; day < 4; day++, now += DAY) await backups.look();
    expect(names()).toEqual([
      'atelier-2027-01-01.ricochet.json',
      'photo.jpg',
      'ricochet-20270117-000000.ricochet.json',
      'ricochet-20270118-000000.ricochet.json'
    ]);
  });

  test('are encrypted where that is wished, by what is kept in the place of the passphrase', async () => {
    await plan('un cheval correct');
    await made(storage).look();
    const file = folder.files.get('ricochet-20270115-000000.ricochet') ?? new Blob([]);
    expect(await previewWorkspace(storage, piecesOf(file, null), { now })).toMatchObject({ reason: { key: 'words.backup.needs_passphrase' } }); // prettier-ignore
    expect(await previewWorkspace(storage, piecesOf(file, 'un cheval correct'), { now })).toMatchObject({ ok: true });
    expect(JSON.stringify(await meta.backups.toArray())).not.toContain('cheval');
  });

  test.each([
    ['NotFoundError', 'words.backup.folder_gone'],
    ['NotAllowedError', 'words.backup.folder_locked'],
    ['QuotaExceededError', 'words.backup.folder_full'],
    ['InvalidStateError', 'words.backup.folder_failed']
  ])('that fail by %s leave nothing half written, and say why until one is saved', async (name, key) => {
    await plan();
    folder.failing = name;
    expect(await backups.run()).toMatchObject({ ok: false, reason: { key } });
    expect(await state()).toMatchObject({ savedAt: null, problem: { key } });
    expect(names()).toEqual([]);
    folder.failing = null;
    await backups.look();
    expect(names()).toHaveLength(1);
    expect((await state())?.problem).toBeNull();
  });

  test('wait for the person where the browser has forgotten that they may', async () => {
    await plan();
    folder.state = 'prompt';
    await backups.look();
    expect(await state()).toMatchObject({ problem: { key: 'words.backup.folder_locked' } });
    expect(names()).toEqual([]);
  });

  test('say why, where the workspace itself cannot be read', async () => {
    await plan();
    const broken = { read: () => Promise.reject(new DOMException('full', 'UnknownError')) } as unknown as Storage;
    expect(await made(broken).run()).toMatchObject({ ok: false });
    expect((await state())?.problem).not.toBeNull();
    expect(names()).toEqual([]);
  });

  test('are looked at a minute after the start and every half hour, until they are not wanted any more', async () => {
    await plan();
    backups.start();
    expect(timers.map(({ at }) => at - now)).toEqual([MINUTE]);
    timers.pop()?.work();
    await expect.poll(() => timers.length).toBe(1);
    expect(timers[0]?.at).toBe(now + HOUR / 2);
    expect(names()).toHaveLength(1);
    await backups.forget();
    now += 2 * DAY;
    await backups.look();
    expect(names()).toHaveLength(1);
    expect(await state()).toBeUndefined();
  });

  test('that are saved by hand count as well', async () => {
    await plan();
    await backups.saved();
    await backups.look();
    expect(names()).toEqual([]);
  });
});
