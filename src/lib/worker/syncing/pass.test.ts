import { describe, expect, test } from 'vitest';
import { create, update } from '$lib/core/changes';
import { DAY, MINUTE } from '$lib/core/instants';
import { contactRow, eventRow, listRow } from '$lib/storage/testing/rows';
import { unsentPart } from '$lib/sync/sending';
import { Shelf } from '$lib/sync/testing/memory-remote';
import { eraseHidden } from '../erasing';
import { active, welcomeGraph } from '../testing/world';
import { foldAll } from './applying';
import { chooseSide, conflictsOf } from './conflicts';
import { Device } from './testing/device';
import { beginSync, endSync, syncOnce } from './pass';
import type { PassParts } from './pass-parts';
import { trustClock } from './setting-right';
import { openSeal, vaultOf } from './testing/shelf';

const START = Date.UTC(2027, 0, 15);
const never = new AbortController().signal;

interface Synced {
  readonly device: Device;
  readonly parts: PassParts;
  readonly sync: () => ReturnType<typeof syncOnce>;
}

let names = 0;

function on(shelf: Shelf, name: string, more: Partial<PassParts> = {}, now = () => START): Synced {
  const device = new Device(name, now);
  const parts: PassParts = {
    storage: device.storage,
    remote: shelf.remote(),
    seal: openSeal(),
    vault: vaultOf(name),
    now,
    runs: () => true,
    newDevice: () => `d${++names}`,
    ...more
  };
  return { device, parts, sync: () => syncOnce(parts, never) };
}

const contacts = (count: number, name: string) =>
  Array.from({ length: count }, (_, n) => create('contacts', `${name}${n}`, contactRow({ id: `${name}${n}` })));

async function synced(...all: Synced[]): Promise<void> {
  for (let round = 0; round < 2; round++) for (const { sync } of all) expect(await sync()).toEqual({ ok: true, value: undefined }); // prettier-ignore
}

async function unsentOf({ device }: Synced) {
  const standing = await device.storage.read((reader) => reader.get('runtime', 'sync'));
  if (standing?.id !== 'sync') throw new Error('it does not sync');
  await device.storage.transact((transaction) => foldAll(transaction, standing));
  return (await device.storage.read(unsentPart)).entries;
}

test('a new device gets all that there is, and what is written from then on goes both ways', async () => {
  const shelf = new Shelf();
  const [a, b] = [on(shelf, 'a'), on(shelf, 'b')];
  await a.device.write(...contacts(2_500, 'c'), create('lists', 'l1', listRow({ id: 'l1' })));
  await beginSync(a.device.storage, { device: 'a', generation: 1, isJoining: false });
  await beginSync(b.device.storage, { device: 'b', generation: 1, isJoining: true });
  await synced(a, b);
  expect(await b.device.rows('contacts')).toHaveLength(2_500);
  await a.device.write(update('contacts', 'c1', { 'attributes.CITY': 'Lyon' }));
  await b.device.write(update('contacts', 'c1', { 'attributes.PLAN': 'annuel' }));
  await synced(b, a);
  expect(await b.device.shown()).toEqual(await a.device.shown());
  expect((await a.device.rows('contacts')).find(({ id }) => id === 'c1')?.attributes).toEqual({
    CITY: 'Lyon',
    PLAN: 'annuel'
  });
  const count = shelf.objects.size;
  await synced(a, b);
  expect(shelf.objects.size).toBe(count);
});

test('of a fact nothing is kept once all know it, on either side; a row that others told is not told again', async () => {
  const shelf = new Shelf();
  const [a, b] = [on(shelf, 'a'), on(shelf, 'b')];
  await beginSync(a.device.storage, { device: 'a', generation: 1, isJoining: false });
  await beginSync(b.device.storage, { device: 'b', generation: 1, isJoining: true });
  await synced(a, b);
  await a.device.write(create('events', 'e1', eventRow({ id: 'e1' })), ...contacts(1, 'c'));
  await synced(a, b);
  for (const { device } of [a, b])
    expect((await device.rows('syncRows')).map(({ key, unsent }) => [key, unsent])).toEqual([['c0', undefined]]);
  expect(await b.device.rows('events')).toHaveLength(1);
  await b.device.write(
    update('contacts', 'c0', { 'attributes.CITY': 'Lyon' }),
    update('events', 'e1', { 'properties.seen': true })
  );
  const told = (await unsentOf(b)).find(({ key }) => key === 'c0');
  expect([told?.row, Object.keys(told?.leaves ?? {})]).toEqual([undefined, ['/attributes/CITY']]);
  await synced(b, a);
  expect(await a.device.rows('contacts')).toEqual(await b.device.rows('contacts'));
  expect(await a.device.rows('events')).toMatchObject([{ properties: { seen: true } }]);
});

test('stops between two batches when it is told to, and goes on from there', async () => {
  const shelf = new Shelf();
  const [a, b] = [on(shelf, 'a'), on(shelf, 'b')];
  await a.device.write(...contacts(2_500, 'c'));
  await beginSync(a.device.storage, { device: 'a', generation: 1, isJoining: false });
  await beginSync(b.device.storage, { device: 'b', generation: 1, isJoining: true });
  await a.sync();
  const stop = new AbortController();
  const remote = { ...b.parts.remote, get: (name: string) => (stop.abort(), b.parts.remote.get(name)) };
  expect(await syncOnce({ ...b.parts, remote }, stop.signal)).toMatchObject({ ok: false, reason: { key: 'words.sync.stopped' } }); // prettier-ignore
  expect((await b.device.rows('contacts')).length).toBeLessThan(2_500);
  await synced(b);
  expect(await b.device.rows('contacts')).toHaveLength(2_500);
});

test('what one device has told knowing of another’s is taken in after it: an erasure before who signs up anew', async () => {
  const shelf = new Shelf();
  let now = START;
  const clock = (): number => (now += 1_000);
  const [c, a, b] = [on(shelf, 'c', {}, clock), on(shelf, 'a', {}, clock), on(shelf, 'b', {}, clock)];
  const signUp = ({ device }: Synced, id: string, createdAt: number) =>
    device.write(
      create('contacts', id, contactRow({ id, email: 'lea@x.fr', createdAt })),
      create('identities', ['email', 'lea@x.fr'], { kind: 'email', value: 'lea@x.fr', contactId: id })
    );
  await signUp(c, 'old', 1);
  await beginSync(c.device.storage, { device: 'c', generation: 1, isJoining: false });
  for (const one of [a, b])
    await beginSync(one.device.storage, { device: one === a ? 'a' : 'b', generation: 1, isJoining: true });
  await synced(c, a, b);
  await a.device.storage.transact(async (transaction) => {
    await transaction.apply([update('contacts', 'old', { hiddenAt: 0 })]);
    await eraseHidden(transaction, clock());
  });
  await synced(a, c);
  await signUp(c, 'new', clock());
  await c.device.write(create('events', 'e1', eventRow({ id: 'e1', contactId: 'new' })));
  await synced(c);
  // It has been away, and hears of both at once.
  await synced(b, a, c);
  for (const { device } of [a, b, c]) {
    expect(await device.rows('contacts')).toMatchObject([{ id: 'new', email: 'lea@x.fr' }]);
    expect(await device.rows('events')).toMatchObject([{ id: 'e1', contactId: 'new' }]);
    expect((await device.rows('contacts'))[0]).not.toHaveProperty('mergedInto');
  }
});

test('how far sources were read is told with other things, or now and then; the mailbox of tries is nobody else’s', async () => {
  const shelf = new Shelf();
  let now = START;
  const a = on(shelf, 'a', {}, () => now);
  await beginSync(a.device.storage, { device: 'a', generation: 1, isJoining: false });
  const cursor = (sourceId: string) => ({ sourceId, cursor: null, watermark: 1, readAt: 1 });
  await a.device.write(create('cursors', 'sandbox.mailbox', cursor('sandbox.mailbox')));
  await synced(a);
  expect(shelf.objects.size).toBe(0);
  await a.device.write(create('cursors', 'brevo', cursor('brevo')));
  await synced(a);
  expect(shelf.objects.size).toBe(1);
  for (let minute = 0; minute < 14; minute++) {
    now += MINUTE;
    await a.device.write(update('cursors', 'brevo', { readAt: now }));
    await synced(a);
  }
  expect(shelf.objects.size).toBe(1);
  now += MINUTE;
  await synced(a);
  expect(shelf.objects.size).toBe(2);
  await a.device.write(update('cursors', 'brevo', { readAt: now + 1 }), ...contacts(1, 'c'));
  await synced(a);
  expect(shelf.objects.size).toBe(3);
  expect(await unsentOf(a)).toEqual([]);
});

test('who joins with rows of its own keeps those that it has alone; of the others the remote’s hold', async () => {
  const shelf = new Shelf();
  const [a, b] = [on(shelf, 'a'), on(shelf, 'b')];
  await a.device.write(create('lists', 'l1', listRow({ id: 'l1', name: 'Lettre' })));
  await b.device.write(create('lists', 'l1', listRow({ id: 'l1', name: 'Carnet' })), ...contacts(3, 'c'));
  await beginSync(a.device.storage, { device: 'a', generation: 1, isJoining: false });
  await a.sync();
  await beginSync(b.device.storage, { device: 'b', generation: 1, isJoining: true });
  await synced(b, a);
  for (const { device } of [a, b]) {
    expect((await device.rows('lists')).map(({ name }) => name)).toEqual(['Lettre']);
    expect(await device.rows('contacts')).toHaveLength(3);
  }
});

test('nothing is lost or told twice for good where calls fail, or are carried out without an answer', async () => {
  const shelf = new Shelf();
  let calls = 0;
  let isBad = true;
  const faults = [null, 'unanswered', null, 'offline', null, null, null] as const;
  const fault = () => (isBad ? (faults[(++calls * calls) % faults.length] ?? null) : null);
  const a = on(shelf, 'a', { remote: shelf.remote(fault) });
  const b = on(shelf, 'b', { remote: shelf.remote(fault) });
  await a.device.write(...contacts(3_000, 'c'));
  await beginSync(a.device.storage, { device: 'a', generation: 1, isJoining: false });
  await beginSync(b.device.storage, { device: 'b', generation: 1, isJoining: true });
  for (let round = 0; round < 30; round++) {
    await a.device.write(update('contacts', `c${round}`, { 'attributes.CITY': `v${round}` }));
    await a.sync();
    await b.sync();
  }
  isBad = false;
  await synced(a, b);
  expect(await b.device.shown()).toEqual(await a.device.shown());
  expect(await b.device.rows('contacts')).toHaveLength(3_000);
  const standing = await a.device.storage.read((reader) => reader.get('runtime', 'sync'));
  expect(standing).toMatchObject({ device: 'a' });
});

test('what somebody chooses while a batch is on its way is told after it', async () => {
  const shelf = new Shelf();
  const remote = shelf.remote();
  let meanwhile = (): Promise<unknown> => Promise.resolve();
  const put: typeof remote.put = async (name, bytes) => {
    await meanwhile();
    return remote.put(name, bytes);
  };
  let now = START;
  const a = on(shelf, 'a', { remote: { ...remote, put } }, () => now);
  const b = on(shelf, 'b', {}, () => now);
  await a.device.write(...active(welcomeGraph));
  await beginSync(a.device.storage, { device: 'a', generation: 1, isJoining: false });
  await beginSync(b.device.storage, { device: 'b', generation: 1, isJoining: true });
  await synced(a, b);
  for (const { device } of [a, b]) {
    now += 1_000;
    await device.write(update('automations', 'a1', { name: `de ${device.name}` }));
  }
  await synced(a, b);
  const [{ pointer, sides } = { pointer: '', sides: [] }] = await conflictsOf(a.device.storage, 'a1');
  const stamp = sides.find(({ value }) => value === 'de a')?.stamp ?? '';
  now += 1_000;
  await a.device.write(update('automations', 'a1', { 'draft.settings.exit': [], updatedAt: now }));
  meanwhile = async () => {
    meanwhile = () => Promise.resolve();
    expect(await chooseSide(a.device.storage, 'a1', { pointer, stamp }, now)).toMatchObject({ ok: true });
  };
  await synced(a, b);
  for (const { device } of [a, b]) expect(await device.rows('automations')).toMatchObject([{ name: 'de a' }]);
});

test('a copy of a device becomes another one, and both go on', async () => {
  const shelf = new Shelf();
  const a = on(shelf, 'a');
  await a.device.write(...contacts(2, 'c'));
  await beginSync(a.device.storage, { device: 'a', generation: 1, isJoining: false });
  await a.sync();
  const twin = on(shelf, 'a');
  await twin.device.write(...contacts(2, 'c'));
  const standing = await a.device.storage.read((reader) => reader.get('runtime', 'sync'));
  await twin.device.storage.commit([{ table: 'runtime', id: 'sync', create: standing as never }]);
  await a.device.write(update('contacts', 'c0', { 'attributes.CITY': 'Lyon' }));
  await a.sync();
  await twin.device.write(update('contacts', 'c1', { 'attributes.CITY': 'Lille' }));
  await synced(twin, a, twin);
  expect(await twin.device.shown()).toEqual(await a.device.shown());
  expect((await a.device.rows('contacts')).map(({ attributes }) => attributes.CITY)).toEqual(['Lyon', 'Lille']);
});

describe('a batch is not taken in, and changes nothing,', () => {
  test('where it was stamped by a clock that is ahead: it is once that time has come', async () => {
    const shelf = new Shelf();
    let now = START;
    const a = on(shelf, 'a', {}, () => START + DAY);
    const b = on(shelf, 'b', {}, () => now);
    await beginSync(a.device.storage, { device: 'a', generation: 1, isJoining: false });
    await beginSync(b.device.storage, { device: 'b', generation: 1, isJoining: true });
    await a.device.write(...contacts(1, 'c'));
    await a.sync();
    expect(await b.sync()).toMatchObject({
      ok: false,
      reason: { key: 'words.sync.clock_ahead', params: { device: 'a' } }
    });
    expect(await b.device.rows('contacts')).toEqual([]);
    now = START + DAY - MINUTE;
    await synced(b);
    expect(await b.device.rows('contacts')).toHaveLength(1);
  });

  test('… or once that clock is set right: then all is told anew, and what was told in vain is taken away', async () => {
    const shelf = new Shelf();
    let skew = 365 * DAY;
    const a = on(shelf, 'a', {}, () => START + skew);
    const [b, late] = [on(shelf, 'b'), on(shelf, 'c')];
    await a.device.write(...contacts(2, 'before'));
    await beginSync(a.device.storage, { device: 'a', generation: 1, isJoining: false });
    await beginSync(b.device.storage, { device: 'b', generation: 1, isJoining: true });
    await synced(a, b);
    await a.device.write(...contacts(2, 'c'), create('events', 'e1', eventRow({ id: 'e1', contactId: null })));
    await a.device.write(update('contacts', 'c1', { 'attributes.CITY': 'Lyon' }));
    await a.sync();
    expect((await b.sync()).ok).toBe(false);
    skew = 0;
    await synced(a, b);
    await a.device.write(update('contacts', 'c1', { 'attributes.PLAN': 'annuel' }));
    await b.device.write(update('contacts', 'c0', { 'attributes.CITY': 'Nantes' }));
    await synced(a, b);
    expect(await b.device.shown()).toEqual(await a.device.shown());
    expect(await b.device.rows('events')).toHaveLength(1);
    expect((await b.device.rows('contacts')).map(({ id, attributes }) => [id, attributes])).toEqual([
      ['before0', {}],
      ['before1', {}],
      ['c0', { CITY: 'Nantes' }],
      ['c1', { CITY: 'Lyon', PLAN: 'annuel' }]
    ]);
    await beginSync(late.device.storage, { device: 'c', generation: 1, isJoining: true });
    await synced(late);
    expect(await late.device.shown()).toEqual(await a.device.shown());
  });

  test('… but where this device’s own clock is set back, it says so and does nothing', async () => {
    const shelf = new Shelf();
    let now = START;
    const [a, b] = [on(shelf, 'a', {}, () => now), on(shelf, 'b')];
    await beginSync(a.device.storage, { device: 'a', generation: 1, isJoining: false });
    await beginSync(b.device.storage, { device: 'b', generation: 1, isJoining: true });
    await b.device.write(...contacts(1, 'c'));
    await synced(a, b);
    await synced(a);
    now = START - DAY;
    const objects = [...shelf.objects.keys()];
    await a.device.write(update('contacts', 'c0', { 'attributes.CITY': 'Lyon' }));
    expect(await a.sync()).toMatchObject({ ok: false, reason: { key: 'words.sync.clock_behind' } });
    expect([...shelf.objects.keys()]).toEqual(objects);
    now = START + MINUTE;
    await synced(a, b);
    expect((await b.device.rows('contacts'))[0]?.attributes).toEqual({ CITY: 'Lyon' });
  });

  test('… and where the clocks of both were ahead when they told each other, it takes the user’s word that it is right now', async () => {
    const shelf = new Shelf();
    let skew = 365 * DAY;
    const [a, b] = [on(shelf, 'a', {}, () => START + skew), on(shelf, 'b', {}, () => START + skew)];
    const late = on(shelf, 'c');
    await beginSync(a.device.storage, { device: 'a', generation: 1, isJoining: false });
    await beginSync(b.device.storage, { device: 'b', generation: 1, isJoining: true });
    await a.device.write(...contacts(2, 'c'));
    await synced(a, b);
    await b.device.write(update('contacts', 'c0', { 'attributes.CITY': 'Lyon' }));
    await synced(a, b);
    skew = 0;
    await a.device.write(update('contacts', 'c1', { 'attributes.CITY': 'Nantes' }));
    for (const { sync } of [a, b])
      expect(await sync()).toMatchObject({ ok: false, reason: { key: 'words.sync.clock_behind' } });
    for (const { device } of [a, b]) await trustClock(device.storage);
    await synced(a, b);
    await synced(a, b);
    await beginSync(late.device.storage, { device: 'c', generation: 1, isJoining: true });
    await synced(late);
    for (const { device } of [b, late]) expect(await device.shown()).toEqual(await a.device.shown());
    expect((await late.device.rows('contacts')).map(({ attributes }) => attributes)).toEqual([
      { CITY: 'Lyon' },
      { CITY: 'Nantes' }
    ]);
    // It was said of that time alone.
    skew = -DAY;
    expect(await a.sync()).toMatchObject({ ok: false, reason: { key: 'words.sync.clock_behind' } });
  });

  test('but keeps nobody from telling, nor from taking in what the other devices tell', async () => {
    const shelf = new Shelf();
    const ahead = on(shelf, 'a', {}, () => START + DAY);
    const [b, c] = [on(shelf, 'b'), on(shelf, 'c')];
    await beginSync(ahead.device.storage, { device: 'a', generation: 1, isJoining: false });
    for (const [name, { device }] of [['b', b] as const, ['c', c] as const])
      await beginSync(device.storage, { device: name, generation: 1, isJoining: true });
    await ahead.device.write(...contacts(1, 'a'));
    await ahead.sync();
    await b.device.write(...contacts(1, 'b'));
    await c.device.write(...contacts(1, 'c'));
    for (const { sync } of [b, c, b]) expect((await sync()).ok).toBe(false);
    for (const { device } of [b, c]) {
      expect((await device.rows('contacts')).map(({ id }) => id)).toEqual(['b0', 'c0']);
      expect(await device.rows('runtime')).toMatchObject([{ reachedAt: START }]);
    }
  });

  test('where it is damaged, or was put under another’s name', async () => {
    const shelf = new Shelf();
    const [a, b] = [on(shelf, 'a'), on(shelf, 'b')];
    await beginSync(a.device.storage, { device: 'a', generation: 1, isJoining: false });
    await beginSync(b.device.storage, { device: 'b', generation: 1, isJoining: true });
    await a.device.write(...contacts(1, 'c'));
    await a.sync();
    const [name = ''] = shelf.objects.keys();
    const bytes = shelf.objects.get(name) as Uint8Array;
    for (const broken of [bytes.slice(0, -9), bytes.slice(9), new Uint8Array()]) {
      shelf.objects.set(name, broken);
      expect((await b.sync()).ok).toBe(false);
    }
    expect(await b.device.rows('contacts')).toEqual([]);
    shelf.objects.set(name, bytes);
    await synced(b);
    expect(await b.device.rows('contacts')).toHaveLength(1);
  });
});

test('secrets are kept under each device’s own key, and wait while they are locked', async () => {
  const shelf = new Shelf();
  let isLocked = true;
  const a = on(shelf, 'a');
  const b = on(shelf, 'b', { vault: vaultOf('b', () => isLocked) });
  await beginSync(a.device.storage, { device: 'a', generation: 1, isJoining: false });
  await beginSync(b.device.storage, { device: 'b', generation: 1, isJoining: true });
  await a.device.write(create('secrets', 's1', { id: 's1', keyId: 'a', iv: '', ciphertext: '1-yek' }));
  await a.sync();
  expect((await b.sync()).ok).toBe(false);
  isLocked = false;
  await synced(b);
  expect(await b.device.rows('secrets')).toEqual([{ id: 's1', keyId: 'b', iv: '', ciphertext: '1-yek' }]);
});

test('under another key of the remote all is told and taken in anew; whoever leaves writes nothing down any more', async () => {
  const shelf = new Shelf();
  const [a, b] = [on(shelf, 'a'), on(shelf, 'b')];
  await beginSync(a.device.storage, { device: 'a', generation: 1, isJoining: false });
  await beginSync(b.device.storage, { device: 'b', generation: 1, isJoining: true });
  await a.device.write(...contacts(3, 'c'));
  await b.device.write(...contacts(3, 'd'));
  await synced(a, b);
  shelf.objects.clear();
  const seal = openSeal(2);
  for (let round = 0; round < 2; round++)
    for (const { parts } of [a, b]) expect(await syncOnce({ ...parts, seal }, never)).toMatchObject({ ok: true });
  const c = on(shelf, 'c', { seal });
  await beginSync(c.device.storage, { device: 'c', generation: 2, isJoining: true });
  await synced(c);
  expect(await c.device.shown()).toEqual(await a.device.shown());
  await endSync(a.device.storage, START);
  await a.device.write(...contacts(1, 'e'));
  expect(await a.device.storage.read((reader) => reader.count('syncLog'))).toBe(0);
  expect(await a.device.storage.read((reader) => reader.count('syncRows'))).toBe(0);
});

test('once the remote has a new key, all that a device has is there again for one that joins, what it had before it synced too', async () => {
  const before = new Shelf();
  const a = on(before, 'a');
  await a.device.write(...contacts(3, 'c'));
  await beginSync(a.device.storage, { device: 'a', generation: 1, isJoining: false });
  await a.device.write(...contacts(2, 'd'));
  await synced(a);
  const shelf = new Shelf();
  const anew = { remote: shelf.remote(), seal: openSeal(2) };
  expect(await syncOnce({ ...a.parts, ...anew }, never)).toEqual({ ok: true, value: undefined });
  const b = on(shelf, 'b', { seal: openSeal(2) });
  await beginSync(b.device.storage, { device: 'b', generation: 2, isJoining: true });
  await synced(b);
  expect((await b.device.rows('contacts')).map(({ id }) => id)).toEqual(['c0', 'c1', 'c2', 'd0', 'd1']);
});

test('what lies on the remote under an older key is taken away from there', async () => {
  const shelf = new Shelf();
  const a = on(shelf, 'a');
  await beginSync(a.device.storage, { device: 'a', generation: 1, isJoining: false });
  await a.device.write(...contacts(3, 'c'));
  await synced(a);
  expect(shelf.names()).toEqual(['g1/a/0000000000']);
  expect(await syncOnce({ ...a.parts, seal: openSeal(2) }, never)).toEqual({ ok: true, value: undefined });
  expect(shelf.names()).toEqual(['g2/a/0000000000']);
});
