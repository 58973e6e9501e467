import { beforeEach, expect, test } from 'vitest';
import { create } from '$lib/core/changes';
import { secret, text } from '$lib/core/fields';
import { HOUR, MINUTE, type Instant } from '$lib/core/instants';
import { ok } from '$lib/core/result';
import type { ConnectionRow } from '$lib/core/rows/connection';
import { contactRow } from '$lib/storage/testing/rows';
import { MemoryStorage } from '$lib/storage/memory';
import { syncCapture } from '$lib/sync/capture';
import { storeBackup } from '$lib/sync/backups/storing';
import { backupFolder, backupId } from '$lib/sync/names';
import { defineRemote } from '$lib/sync/remotes/definition';
import { Shelf } from '$lib/sync/testing/memory-remote';
import { Connecting } from './connecting';
import type { Among, Sharing } from './shared-right';
import { Syncing } from './syncing';
import { vaultOf } from './testing/shelf';

const START = Date.UTC(2027, 0, 15);
const PASSPHRASE = 'correct horse battery staple';
const place = { remote: 'shelf', fields: { name: 'mine', password: 's3cret' } };

let now: Instant;
let shelf: Shelf;
let passwords: unknown[];

beforeEach(() => {
  now = START;
  shelf = new Shelf();
  passwords = [];
});

class Device {
  isOffline = false;
  isLocked = false;
  shared: Sharing = null;
  readonly told: string[] = [];
  readonly storage: MemoryStorage;
  readonly syncing: Syncing;
  readonly connecting: Connecting;
  private ids = 0;

  constructor(readonly name: string) {
    this.storage = new MemoryStorage({ capture: syncCapture(() => ({ now, newId: () => this.newName() })) });
    const vault = vaultOf(name, () => this.isLocked);
    const timers = { after: () => () => undefined };
    this.syncing = new Syncing(
      { storage: this.storage, now: () => now, timers, isOnline: () => true },
      {
        vault,
        newDevice: () => this.newName(),
        right: { isHeld: true },
        runs: () => true,
        alone: (work) => work(),
        took: () => undefined,
        watch: () => () => undefined
      }
    );
    const shelves = defineRemote({
      id: 'shelf',
      name: 'Shelf',
      fields: { name: text({ required: true }), password: secret() },
      documentation: '',
      steps: [{ name: 'cors', copy: (origin) => `origins = ${origin}` }],
      connect: (fields) => {
        passwords.push(fields.password);
        return shelf.remote(() => (this.isOffline ? 'offline' : null));
      }
    });
    this.connecting = new Connecting({
      storage: this.storage,
      now: () => now,
      fetch: () => Promise.reject(new Error('no network')),
      remotes: new Map([['shelf', shelves]]),
      vault,
      syncing: this.syncing,
      right: { share: (sharing) => Promise.resolve(void (this.shared = sharing)), ask: () => Promise.resolve() },
      newName: () => this.newName(),
      tellOthers: (news) => this.told.push(news)
    });
  }

  async connected(passphrase = PASSPHRASE): Promise<this> {
    await said(this.connecting.connect(place, { passphrase, name: this.name }));
    await said(this.syncing.now());
    return this;
  }

  async row(): Promise<ConnectionRow> {
    const row = await this.storage.read((reader) => reader.get('runtime', 'connection'));
    if (row?.id !== 'connection') throw new Error('it is not connected');
    return row;
  }

  async contacts(): Promise<string[]> {
    return (await this.storage.read((reader) => reader.query('contacts', {}))).map(({ id }) => id).sort();
  }

  private newName(): string {
    return `${this.name}${++this.ids}`;
  }
}

function among({ shared }: Device): Among {
  if (shared === null || shared === 'locked') throw new Error('it shares with nobody');
  return shared;
}

async function said(result: Promise<{ ok: true } | { ok: false; reason: { key: string } }>): Promise<void> {
  const answer = await result;
  if (!answer.ok) throw new Error(answer.reason.key);
}

const refused = (key: string) => ({ ok: false, reason: { key: `words.${key}` } });

test('begins on an empty remote; another device joins it with the passphrase, and both have all', async () => {
  const one = new Device('a');
  await one.storage.commit([create('contacts', 'c1', contactRow({ id: 'c1', email: 'ada@exemple.fr' }))]);
  await one.connected();
  const other = new Device('b');
  await other.storage.commit([create('contacts', 'c2', contactRow({ id: 'c2', email: 'bob@exemple.fr' }))]);
  await other.connected();
  await said(one.syncing.now());
  expect([await one.contacts(), await other.contacts()]).toEqual([
    ['c1', 'c2'],
    ['c1', 'c2']
  ]);
  expect((await other.row()).devices.map(({ name }) => name)).toEqual(['a', 'b']);
  now += 6 * MINUTE;
  await said(one.syncing.now());
  expect((await one.row()).devices.map(({ name }) => name)).toEqual(['a', 'b']);
  expect(one.told).toEqual(['changed']);
});

test('keeps the password and the data key where only this device’s key opens them', async () => {
  const one = await new Device('a').connected();
  expect(JSON.stringify(await one.row())).not.toContain('s3cret');
  expect((await one.row()).fields).toEqual({ name: 'mine' });
  expect(await one.connecting.place()).toEqual({ ok: true, value: place });
  expect(new Set(passwords)).toEqual(new Set(['s3cret']));
  one.isLocked = true;
  await one.connecting.resume();
  expect(one.shared).toBe('locked');
  expect((await one.row()).runs).toBe('locked');
  expect(await one.syncing.now()).toMatchObject(refused('sync.not_connected'));
});

test('refuses what would be wrong, and leaves everything as it was', async () => {
  const one = await new Device('a').connected();
  const other = new Device('b');
  const connect = (passphrase: string, at = place) => other.connecting.connect(at, { passphrase, name: 'b' });
  expect(await connect('short')).toMatchObject(refused('keys.passphrase_too_short'));
  expect(await connect('another passphrase')).toMatchObject(refused('sync.wrong_passphrase'));
  expect(await connect(PASSPHRASE, { ...place, remote: 'moon' })).toMatchObject(refused('sync.unknown_remote'));
  const nameless = { ...place, fields: { ...place.fields, name: '' } };
  expect(await connect(PASSPHRASE, nameless)).toMatchObject(refused('account.field_missing'));
  other.isLocked = true;
  expect(await connect(PASSPHRASE)).toMatchObject(refused('keys.locked'));
  other.isLocked = false;
  other.isOffline = true;
  expect(await connect(PASSPHRASE)).toMatchObject({ ok: false, reason: { key: 'test.offline' } });
  expect(await other.storage.read((reader) => reader.query('runtime', {}))).toEqual([]);
  expect(await one.connecting.connect(place, { passphrase: PASSPHRASE, name: 'a' })).toMatchObject(
    refused('sync.connected')
  );
});

test('comes back to it at each start, as what it was', async () => {
  const one = await new Device('a').connected();
  const { device } = await one.row();
  await one.connecting.resume();
  expect(one.shared).toMatchObject({ device });
  now += HOUR;
  await said(one.syncing.now());
  expect((await one.row()).devices).toMatchObject([{ id: device, since: START, seenAt: now }]);
});

test('knows what a device is called as soon as it has told anything, and does not look for one that has gone', async () => {
  const one = await new Device('a').connected();
  const other = await new Device('b').connected();
  now += MINUTE;
  await other.storage.commit([create('contacts', 'c1', contactRow({ id: 'c1' }))]);
  await said(other.syncing.now());
  await said(one.syncing.now());
  expect(await one.contacts()).toEqual(['c1']);
  expect((await one.row()).devices.map(({ name }) => name).sort()).toEqual(['a', 'b']);

  await said(other.connecting.disconnect());
  now += HOUR;
  await said(one.syncing.now());
  expect((await one.row()).devices.map(({ name }) => name)).toEqual(['a']);
  shelf.looks.length = 0;
  for (let minute = 0; minute < 4; minute++) {
    now += MINUTE;
    await said(one.syncing.now());
  }
  expect(shelf.looks).toEqual([]);
});

test('is called otherwise, on every device', async () => {
  const one = await new Device('a').connected();
  const other = await new Device('b').connected();
  expect(await one.connecting.rename(' ')).toMatchObject(refused('name.empty'));
  await said(one.connecting.rename('Laptop'));
  now += 6 * MINUTE;
  await said(other.syncing.now());
  expect((await other.row()).devices.map(({ name }) => name).sort()).toEqual(['Laptop', 'b']);
});

test('another passphrase lets new devices in, the old one does not, and those that are there go on', async () => {
  const one = await new Device('a').connected();
  expect(await one.connecting.changePassphrase({ from: 'wrong', to: 'a new passphrase' })).toMatchObject(
    refused('sync.wrong_passphrase')
  );
  await said(one.connecting.changePassphrase({ from: PASSPHRASE, to: 'a new passphrase' }));
  await said(one.syncing.now());
  const late = new Device('b');
  expect(await late.connecting.connect(place, { passphrase: PASSPHRASE, name: 'b' })).toMatchObject(
    refused('sync.wrong_passphrase')
  );
  await late.connected('a new passphrase');
});

test('a device that is revoked reads nothing from then on; the others are asked for the passphrase', async () => {
  const [one, other, lost] = [new Device('a'), new Device('b'), new Device('c')];
  for (const device of [one, other, lost]) await device.connected();
  await lost.storage.commit([create('contacts', 'c1', contactRow({ id: 'c1', email: 'ada@exemple.fr' }))]);
  await said(lost.syncing.now());
  const packed = new Blob(['a backup']);
  const backup = { id: backupId(now, 'abcdefgh'), at: now, device: 'a', packed };
  const place = await one.connecting.shelf();
  await said(place.ok ? storeBackup(place.value, backup, () => true) : Promise.resolve(place));
  expect([...shelf.objects.keys()].filter((name) => name.startsWith(backupFolder(1)))).toHaveLength(2);
  await said(one.connecting.revoke((await lost.row()).device, PASSPHRASE));
  await one.storage.commit([create('contacts', 'c2', contactRow({ id: 'c2', email: 'bob@exemple.fr' }))]);
  await said(one.syncing.now());
  // At once, whatever was looked at a moment ago.
  expect([await among(lost).hasKey(), await among(one).hasKey()]).toEqual([ok(false), ok(true)]);
  expect([(await lost.row()).isKeyOld, (await one.row()).isKeyOld]).toEqual([true, false]);
  expect(await lost.syncing.now()).toMatchObject(refused('sync.new_key'));
  expect(await lost.contacts()).toEqual(['c1']);
  now += 6 * MINUTE;
  expect(await other.syncing.now()).toMatchObject(refused('sync.new_key'));
  expect(await lost.connecting.shelf()).toMatchObject(refused('sync.new_key'));
  expect((await other.row()).isKeyOld).toBe(true);
  expect(await other.connecting.openAnew('another passphrase')).toMatchObject(refused('sync.wrong_passphrase'));
  await said(other.connecting.openAnew(PASSPHRASE));
  await said(other.syncing.now());
  expect(await other.contacts()).toEqual(['c1', 'c2']);
  expect((await other.row()).isKeyOld).toBe(false);
  expect((await other.row()).devices.map(({ name, isRevoked }) => [name, isRevoked])).toEqual(
    expect.arrayContaining([
      ['a', false],
      ['b', false],
      ['c', true]
    ])
  );
  expect([...shelf.objects.keys()].filter((name) => name.startsWith('g1/'))).toEqual([]);
});

test('catches up where one device tells what cannot be taken in, and not where the remote is not there', async () => {
  const one = await new Device('a').connected();
  const [name = ''] = [...shelf.objects.keys()];
  shelf.objects.set(name.replace(/\/[^/]+\//, '/zz/'), new Uint8Array([9]));
  const damaged = new Device('b');
  await said(damaged.connecting.connect(place, { passphrase: PASSPHRASE, name: 'b' }));
  if (damaged.shared === null || damaged.shared === 'locked') throw new Error('it shares nothing');
  await said(damaged.shared.catchUp());
  now += MINUTE;
  damaged.isOffline = true;
  expect((await damaged.shared.catchUp()).ok).toBe(false);
  expect(one.shared).not.toBeNull();
});

test('who leaves keeps all, writes nothing down any more, and is in no list', async () => {
  const one = await new Device('a').connected();
  const other = await new Device('b').connected();
  await one.storage.commit([create('contacts', 'c1', contactRow({ id: 'c1' }))]);
  await said(one.connecting.disconnect());
  await one.storage.commit([create('contacts', 'c2', contactRow({ id: 'c2' }))]);
  expect(await one.contacts()).toEqual(['c1', 'c2']);
  expect(one.shared).toBeNull();
  for (const table of ['runtime', 'syncLog', 'syncRows'] as const)
    expect(await one.storage.read((reader) => reader.query(table, {}))).toEqual([]);
  now += 6 * MINUTE;
  await said(other.syncing.now());
  expect((await other.row()).devices.map(({ name }) => name)).toEqual(['b']);
});

test('leaves a remote that is gone, too', async () => {
  const one = await new Device('a').connected();
  one.isOffline = true;
  await said(one.connecting.disconnect());
  expect(one.shared).toBeNull();
});

test('says what there is to do at a kind of remote, for the app as it is served', async () => {
  expect(await new Device('a').connecting.kinds('https://app.exemple.fr')).toMatchObject([
    {
      id: 'shelf',
      fields: [{ name: 'name' }, { name: 'password', control: { kind: 'secret' } }],
      steps: [{ name: 'cors', copy: 'origins = https://app.exemple.fr' }]
    }
  ]);
});

test('who runs the journeys is written down, and the greatest number that was seen', async () => {
  const one = await new Device('a').connected();
  if (one.shared === null || one.shared === 'locked') throw new Error('it shares nothing');
  await one.shared.tell({ runs: 'elsewhere', holder: 'b', startsAt: undefined, fence: 7 });
  await one.shared.tell({ runs: 'here', holder: 'a', startsAt: undefined, fence: 3 });
  expect(await one.row()).toMatchObject({ runs: 'here', holder: 'a', fence: 7 });
  await said(one.connecting.runHere());
  expect(await one.shared.isForced()).toBe(true);
  expect(one.told.at(-1)).toBe('asked');
  await one.shared.taken();
  expect(await one.shared.isForced()).toBe(false);
});
