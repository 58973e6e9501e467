import { expect, it } from 'vitest';
import { newHeader, openAgain, openHeader, withDevices, withNewKey, withPassphrase, type Known } from './header';
import { changeHeader, putHeader } from './header-document';
import { sealOf } from './sealing';
import { Shelf } from './testing/memory-remote';

const ROUNDS = 2;
const PASSPHRASE = 'correct horse battery staple';
const laptop = { id: 'a1', name: 'Ada’s laptop', writesAs: ['a1'], since: 1, seenAt: 2, isRevoked: false };
const phone = { ...laptop, id: 'b2', name: 'Ada’s phone' };
const first: Known = { remote: 'r1', generation: 1, edition: 1 };
const header = await newHeader('r1', { passphrase: PASSPHRASE, devices: [laptop, phone], rounds: ROUNDS });

const refused = (word: string) => ({ ok: false, reason: { key: `words.sync.${word}` } });

async function opened(bytes: Uint8Array, passphrase = PASSPHRASE) {
  const result = await openHeader(bytes, passphrase);
  if (!result.ok) throw new Error(result.reason.key);
  return result.value;
}

async function made(result: Promise<Awaited<ReturnType<typeof withPassphrase>>>): Promise<Uint8Array> {
  const done = await result;
  if (!done.ok) throw new Error(done.reason.key);
  return done.value;
}

const parsed = (bytes: Uint8Array): Record<string, unknown> =>
  JSON.parse(new TextDecoder().decode(bytes)) as Record<string, unknown>;

const changed = (bytes: Uint8Array, change: object): Uint8Array =>
  new TextEncoder().encode(JSON.stringify({ ...parsed(bytes), ...change }));

it('opens with its passphrase, and shows neither devices nor anything that opens it', async () => {
  expect(await opened(header)).toMatchObject({ ...first, devices: [laptop, phone] });
  expect((await opened(header)).key.extractable).toBe(false);
  expect(new TextDecoder().decode(header)).not.toMatch(/Ada|laptop|correct/);
  expect(parsed(await newHeader('r1', { passphrase: 'x', devices: [] }))['rounds']).toBe(600_000);
});

it('refuses a wrong passphrase', async () => {
  expect(await openHeader(header, 'another')).toEqual(refused('wrong_passphrase'));
});

it('refuses a header that was cut off, or is none', async () => {
  expect(await openHeader(header.slice(0, -9), PASSPHRASE)).toEqual(refused('not_a_batch'));
  expect(await openHeader(changed(header, { format: 2 }), PASSPHRASE)).toEqual(refused('not_a_batch'));
  expect(await openHeader(changed(header, { rounds: 1e12 }), PASSPHRASE)).toEqual(refused('not_a_batch'));
  expect(await openHeader(changed(header, { salt: '~' }), PASSPHRASE)).toEqual(refused('not_a_batch'));
});

it('refuses a header of which any part was changed', async () => {
  const other = parsed(await newHeader('r1', { passphrase: PASSPHRASE, devices: [], rounds: ROUNDS }));
  for (const change of [
    { remote: 'r2' },
    { generation: 2 },
    { edition: 9 },
    { rounds: 3 },
    { salt: other['salt'] },
    { key: other['key'] },
    { devices: other['devices'] },
    { key: { iv: '?', ciphertext: '?' } }
  ])
    expect((await openHeader(changed(header, change), PASSPHRASE)).ok).toBe(false);
});

it('refuses the header of another workspace, though its passphrase is the same', async () => {
  const foreign = await newHeader('r2', { passphrase: PASSPHRASE, devices: [], rounds: ROUNDS });
  expect(await openHeader(foreign, PASSPHRASE, first)).toEqual(refused('foreign'));
});

it('changes the passphrase: what was sealed opens as before, and the older header is refused when it is put back', async () => {
  const before = await opened(header);
  const sealed = await sealOf(before.key, before).seal('g1/a1/0', new Uint8Array([1]));
  const change = { from: PASSPHRASE, to: 'new', known: first, rounds: ROUNDS };
  const after = await made(withPassphrase(header, change));
  const now = await opened(after, 'new');
  expect(now).toMatchObject({ generation: 1, edition: 2, devices: [laptop, phone] });
  expect(await sealOf(now.key, now).open('g1/a1/0', sealed)).toEqual({ ok: true, value: new Uint8Array([1]) });
  expect((await openAgain(after, before.key, first)).ok).toBe(true);
  expect(await openHeader(after, PASSPHRASE)).toEqual(refused('wrong_passphrase'));
  expect(await openHeader(header, PASSPHRASE, now)).toEqual(refused('older'));
  expect(await openAgain(header, before.key, now)).toEqual(refused('older'));
  expect(await withPassphrase(header, { ...change, from: 'guess' })).toEqual(refused('wrong_passphrase'));
});

it('revokes a device: its key opens nothing that is sealed from then on', async () => {
  const before = await opened(header);
  const change = { from: PASSPHRASE, to: 'new', known: first, revoked: new Set(['b2']), rounds: ROUNDS };
  const after = await made(withNewKey(header, change));
  expect(await openAgain(after, before.key, first)).toEqual(refused('new_key'));
  const now = await opened(after, 'new');
  expect(now).toMatchObject({ generation: 2, edition: 2, devices: [laptop, { ...phone, isRevoked: true }] });
  const sealed = await sealOf(now.key, now).seal('g2/a1/0', new Uint8Array([1]));
  expect((await sealOf(before.key, now).open('g2/a1/0', sealed)).ok).toBe(false);
  const forged = { key: before.key, known: { ...first, generation: 2, edition: 2 }, devices: [phone] };
  expect((await withDevices(after, forged)).ok).toBe(false);
});

it('is there once, and changed one after the other by devices that do it at once', async () => {
  const shelf = new Shelf();
  const [one, other] = [shelf.remote(), shelf.remote()];
  expect(await changeHeader(one, () => Promise.reject(new Error()))).toEqual(refused('none_there'));
  await putHeader(one, header);
  expect(await putHeader(other, header)).toEqual(refused('one_there'));
  const { key } = await opened(header);
  const add = (id: string) => async (bytes: Uint8Array) => {
    const { devices } = await opened(bytes);
    return withDevices(bytes, { key, known: first, devices: [...devices, { ...laptop, id }] });
  };
  await Promise.all([changeHeader(one, add('c3')), changeHeader(other, add('d4'))]);
  const read = await one.read('header');
  const { devices, edition } = await opened(read.ok && read.value ? read.value.bytes : new Uint8Array());
  expect(devices.map(({ id }) => id).sort()).toEqual(['a1', 'b2', 'c3', 'd4']);
  expect(edition).toBe(3);
});

it('is not changed where another device is always quicker', async () => {
  const shelf = new Shelf();
  const remote = shelf.remote();
  await putHeader(remote, header);
  const slow = async (bytes: Uint8Array) => {
    const found = await remote.read('header');
    await remote.write('header', bytes, found.ok && found.value ? found.value.revision : null);
    return { ok: true as const, value: bytes };
  };
  expect(await changeHeader(remote, slow)).toEqual(refused('contended'));
});
