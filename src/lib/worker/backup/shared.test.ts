import { afterEach, beforeEach, expect, test } from 'vitest';
import { create } from '$lib/core/changes';
import { DAY, HOUR, MINUTE } from '$lib/core/instants';
import { failed, ok, type Result } from '$lib/core/result';
import { piecesOf } from '$lib/storage/backup/pieces';
import { MetaDatabase } from '$lib/storage/dexie/meta';
import { MemoryStorage } from '$lib/storage/memory';
import type { Storage } from '$lib/storage/port';
import { contactRow, settingsRow } from '$lib/storage/testing/rows';
import { backupFolder } from '$lib/sync/names';
import { Shelf, type Fault } from '$lib/sync/testing/memory-remote';
import type { OpenShelf } from '../syncing/connecting';
import { openSeal } from '../syncing/testing/shelf';
import { previewWorkspace } from './preview';
import { ScheduledBackups } from './scheduled';
import { SharedBackups } from './shared';
import { NOW } from './testing';

let databases = 0;
let now: number;
let shelf: Shelf;
let generation: number;
let opened: Result<void>;
const devices: Device[] = [];

beforeEach(() => {
  now = NOW;
  shelf = new Shelf();
  generation = 1;
  opened = ok(undefined);
});
afterEach(() => {
  for (const { meta } of devices.splice(0)) meta.close();
});

/** A device that shares the remote: `faults` are those of its next calls. */
class Device {
  readonly faults: Fault[] = [];
  readonly storage = new MemoryStorage();
  readonly meta = new MetaDatabase(`shared-${++databases}`);
  readonly right = { isHeld: true };
  readonly shared: SharedBackups;
  readonly backups: ScheduledBackups;
  private names = 0;

  constructor(
    readonly name: string,
    source?: Storage
  ) {
    devices.push(this);
    const storage = source ?? this.storage;
    const [parts, right] = [{ storage, meta: this.meta, now: () => now }, this.right];
    const newName = (): string => `${name}${String(++this.names).padStart(8, '0')}`;
    this.shared = new SharedBackups({
      ...parts,
      newName,
      right,
      shelf: () => Promise.resolve(this.shelf()),
      piece: 150
    });
    this.backups = new ScheduledBackups({
      ...parts,
      timers: { after: () => () => undefined },
      right: { isHeld: true },
      shared: this.shared,
      alone: (work) => work()
    });
  }

  async begin(keep = 7): Promise<this> {
    const rows = Array.from({ length: 30 }, (_, at) => contactRow({ id: `c${at}`, email: `p${at * 7919}@exemple.fr` }));
    await this.storage.commit([
      create('settings', 'workspace', settingsRow()),
      ...rows.map((row) => create('contacts', row.id, row))
    ]);
    await this.backups.plan({ every: 'day', keep, folder: null, isShared: true, passphrase: null });
    return this;
  }

  state() {
    return this.meta.backups.get('schedule');
  }

  private shelf(): Result<OpenShelf> {
    if (!opened.ok) return opened;
    return ok({
      remote: shelf.remote(() => this.faults.shift() ?? null),
      seal: openSeal(generation),
      device: this.name
    });
  }
}

async function stored(device: Device): Promise<readonly (readonly [number, string | null])[]> {
  const found = await device.shared.stored();
  if (!found.ok) throw new Error(found.reason.key);
  return found.value.map(({ at, device: name }) => [at, name] as const);
}

test('are saved at once and then day by day, in pieces, and one comes back as a workspace file', async () => {
  const one = await new Device('a').begin();
  await one.backups.look();
  await one.backups.look();
  now += DAY;
  await one.backups.look();
  expect(await stored(one)).toEqual([
    [NOW + DAY, 'a'],
    [NOW, 'a']
  ]);
  expect(await one.state()).toMatchObject({ savedAt: now, problem: null, begun: null });
  expect(shelf.objects.size).toBeGreaterThan(4);
  const found = await one.shared.stored();
  const [latest] = found.ok ? found.value : [];
  const file = await one.shared.fetch(latest?.id ?? '');
  const preview = file.ok ? await previewWorkspace(one.storage, piecesOf(file.value, null), { now }) : file;
  expect(preview).toMatchObject({ ok: true, value: { tables: { contacts: { inFile: 30, inBoth: 30 } } } });
});

test('are saved by the device that runs the automations alone, which needs not do what another has just done', async () => {
  const [one, other] = [await new Device('a').begin(), await new Device('b').begin()];
  other.right.isHeld = false;
  await one.backups.look();
  expect(await other.backups.run()).toMatchObject({ ok: false, reason: { key: 'words.backup.other_runs' } });
  await other.backups.look();
  expect(await stored(one)).toEqual([[NOW, 'a']]);
  expect(await other.state()).toMatchObject({ savedAt: null, problem: null });
  [one.right.isHeld, other.right.isHeld] = [false, true];
  now += HOUR;
  await other.backups.look();
  expect(await stored(one)).toEqual([[NOW, 'a']]);
  expect(await other.state()).toMatchObject({ savedAt: NOW, problem: null });
  now += DAY - HOUR;
  await one.backups.look();
  await other.backups.look();
  expect(await stored(one)).toEqual([
    [NOW + DAY, 'b'],
    [NOW, 'a']
  ]);
});

test('the last ones are kept', async () => {
  const one = await new Device('a').begin(2);
  for (let day = 0; day < 4; day++, now += DAY) await one.backups.look();
  expect((await stored(one)).map(([at]) => at)).toEqual([NOW + 3 * DAY, NOW + 2 * DAY]);
});

test('who loses the right in the middle stops, and leaves nothing there', async () => {
  const one = await new Device('a').begin();
  let asked = 0;
  Object.defineProperty(one.right, 'isHeld', { get: () => ++asked < 5 });
  expect(await one.backups.run()).toMatchObject({ ok: false, reason: { key: 'words.backup.other_runs' } });
  expect(asked).toBeGreaterThanOrEqual(5);
  expect(shelf.objects.size).toBe(0);
  expect(await one.state()).toMatchObject({ savedAt: null, begun: null });
});

test('what fails says why, leaves no backup, and is done later; what it left is swept', async () => {
  const one = await new Device('a').begin();
  // The list, two pieces, and then nothing any more.
  one.faults.push(null, null, null, ...Array.from({ length: 9 }, (): Fault => 'offline'));
  expect(await one.backups.run()).toMatchObject({ ok: false, reason: { key: 'test.offline' } });
  expect(await one.state()).toMatchObject({ savedAt: null, problem: { key: 'test.offline' } });
  expect((await one.state())?.begun).toContain('a00000001');
  one.faults.splice(0);
  expect(await stored(one)).toEqual([]);
  expect(shelf.objects.size).toBe(2);
  const left = [...shelf.objects.keys()];
  now += HOUR;
  await one.backups.look();
  expect(await stored(one)).toEqual([[now, 'a']]);
  expect(left.filter((name) => shelf.objects.has(name))).toEqual([]);
  expect(await one.state()).toMatchObject({ savedAt: now, problem: null, begun: null });
});

test('a device that was killed in the middle sweeps what it left, at its next one', async () => {
  const one = await new Device('a').begin();
  // The call is never answered: nothing comes after it.
  let puts = 0;
  const remote = shelf.remote();
  const put: typeof remote.put = (name, bytes) => (++puts > 2 ? new Promise(() => undefined) : remote.put(name, bytes));
  const open = (): Promise<Result<OpenShelf>> => Promise.resolve(ok({ remote: { ...remote, put }, seal: openSeal(), device: 'a' })); // prettier-ignore
  const parts = { storage: one.storage, meta: one.meta, now: () => now, newName: () => 'killed00', right: one.right };
  const schedule = await one.state();
  if (schedule === undefined) throw new Error('nothing is wanted');
  void new SharedBackups({ ...parts, shelf: open, piece: 150 }).save(schedule);
  await expect.poll(() => puts).toBe(3);
  expect((await one.state())?.begun).toContain('killed00');
  await one.backups.look();
  expect(await stored(one)).toEqual([[NOW, 'a']]);
  expect([...shelf.objects.keys()].filter((name) => name.includes('killed'))).toEqual([]);
});

test('say where the oldest cannot be taken away, and count as saved all the same', async () => {
  const one = await new Device('a').begin(1);
  await one.backups.look();
  now += DAY;
  const { size } = shelf.objects;
  // Three lists (what is due, what is broken, what is kept), and all puts; then no removal.
  one.faults.push(...Array.from({ length: size + 3 }, (): Fault => null), 'offline');
  await one.backups.look();
  expect(await one.state()).toMatchObject({ savedAt: now, problem: { key: 'words.backup.oldest_stay' } });
  expect(await stored(one)).toHaveLength(2);
  await one.backups.run();
  expect(await stored(one)).toEqual([[now, 'a']]);
  expect(await one.state()).toMatchObject({ problem: null });
});

test('under a new key one is saved at once: those of the older key are no more', async () => {
  const one = await new Device('a').begin();
  await one.backups.look();
  generation = 2;
  now += 5 * MINUTE;
  await one.backups.look();
  await one.backups.look();
  const under = (each: number) => [...shelf.objects.keys()].filter((name) => name.startsWith(backupFolder(each)));
  expect(await stored(one)).toEqual([[now, 'a']]);
  expect(under(2)).toHaveLength(under(1).length);
});

test('say why, where the remote is not to be had, or the workspace itself cannot be read', async () => {
  const one = await new Device('a').begin();
  opened = failed({ key: 'words.sync.not_connected' });
  expect(await one.backups.run()).toMatchObject({ ok: false, reason: { key: 'words.sync.not_connected' } });
  expect(await one.state()).toMatchObject({ problem: { key: 'words.sync.not_connected' } });
  for (const ask of [one.shared.stored(), one.shared.fetch('x'), one.shared.remove('x')])
    expect(await ask).toMatchObject({ reason: { key: 'words.sync.not_connected' } });
  opened = ok(undefined);
  const broken = { read: () => Promise.reject(new DOMException('full', 'UnknownError')) } as unknown as Storage;
  const other = await new Device('b', broken).begin();
  expect(await other.backups.run()).toMatchObject({ ok: false });
  expect((await other.state())?.problem).not.toBeNull();
  expect(shelf.objects.size).toBe(0);
});

test('one is taken away where that is wished', async () => {
  const one = await new Device('a').begin();
  await one.backups.look();
  const found = await one.shared.stored();
  expect(await one.shared.remove((found.ok ? found.value[0]?.id : '') ?? '')).toEqual(ok(undefined));
  expect(shelf.objects.size).toBe(0);
});
