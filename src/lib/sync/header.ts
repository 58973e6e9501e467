import * as v from 'valibot';
import { parsedJson } from '$lib/core/json';
import { failed, ok, type Result } from '$lib/core/result';
import { sharingDeviceSchema, type SharingDevice } from '$lib/core/rows/connection';
import { words } from '$lib/core/words';
import { ITERATIONS, keyFromPassphrase, newSalt, seal, toBase64, toBytes, unseal } from '$lib/storage/keys/ciphers';

/** The name of the document that says how all else on the remote is opened. */
export const HEADER = 'header';

const sealed = v.strictObject({ iv: v.string(), ciphertext: v.string() });
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(1));

const headerSchema = v.strictObject({
  format: v.literal(1),
  /** The remote's id: random, and the same for as long as the workspace lies there. */
  remote: v.string(),
  generation: count,
  /** Rises with each change of the header. */
  edition: count,
  salt: v.pipe(v.string(), v.base64()),
  /** Whoever may write there must not be able to keep a device busy for hours. */
  rounds: v.pipe(count, v.maxValue(10_000_000)),
  /** The data key under the passphrase's. */
  key: sealed,
  devices: sealed
});

type Header = v.InferOutput<typeof headerSchema>;

const devicesSchema = v.array(sharingDeviceSchema);

/** A header that was opened. `key` opens and seals the generation's objects, and cannot be read. */
export interface Opened {
  readonly remote: string;
  readonly generation: number;
  readonly edition: number;
  readonly key: CryptoKey;
  readonly devices: readonly SharingDevice[];
}

/** A header that a passphrase has opened. `secret`: the key itself, in base64, for what keeps secrets on this device. */
export interface Unlocked extends Opened {
  readonly secret: string;
}

/** What a device knows of the remote: of another one, or of an older state, nothing is taken. */
export interface Known {
  readonly remote: string;
  readonly generation: number;
  readonly edition: number;
}

/** A header for a remote on which nothing lies yet. `rounds` of PBKDF2. */
export async function newHeader(
  remote: string,
  {
    passphrase,
    devices,
    rounds = ITERATIONS
  }: { passphrase: string; devices: readonly SharingDevice[]; rounds?: number }
): Promise<Uint8Array> {
  const place = { format: 1 as const, remote, generation: 1, edition: 1, salt: newSalt(), rounds };
  return written(place, crypto.getRandomValues(new Uint8Array(32)), passphrase, devices);
}

/** Opens with the passphrase: slow on purpose. Refused where it is another, the header was touched, or is not the one that is known. */
export async function openHeader(bytes: Uint8Array, passphrase: string, known?: Known): Promise<Result<Unlocked>> {
  const found = await unwrapped(bytes, passphrase, known);
  return found.ok ? ok({ ...found.value.opened, secret: toBase64(found.value.raw) }) : found;
}

/** The key that a header's `secret` is: it opens and seals, and cannot be read. */
export function dataKeyOf(secret: string): Promise<CryptoKey> {
  return dataKey(toBytes(secret));
}

/** Opens with the key that a device keeps. Refused where the remote has a new one, for which the passphrase is asked. */
export async function openAgain(bytes: Uint8Array, key: CryptoKey, known: Known): Promise<Result<Opened>> {
  const header = headerIn(bytes, known);
  if (!header.ok) return header;
  if (header.value.generation > known.generation) return failed(words('words.sync.new_key'));
  return openedWith(header.value, key);
}

/** The same header with other devices. `key` is the generation's. */
export async function withDevices(
  bytes: Uint8Array,
  { key, known, devices }: { key: CryptoKey; known: Known; devices: readonly SharingDevice[] }
): Promise<Result<Uint8Array>> {
  const opened = await openAgain(bytes, key, known);
  if (!opened.ok) return opened;
  const header = headerIn(bytes, known);
  return header.ok ? ok(await withSealedDevices(next(header.value), key, devices)) : header;
}

/**
 * The same data key under another passphrase: nothing else on the remote changes. Whoever kept the older header and knows the older
 * passphrase can still read; where somebody must not, a new generation is begun.
 */
export async function withPassphrase(
  bytes: Uint8Array,
  { from, to, known, rounds = ITERATIONS }: { from: string; to: string; known: Known; rounds?: number }
): Promise<Result<Uint8Array>> {
  const found = await unwrapped(bytes, from, known);
  if (!found.ok) return found;
  const { header, raw, opened } = found.value;
  return ok(await written({ ...next(header), salt: newSalt(), rounds }, raw, to, opened.devices));
}

/**
 * A new generation, with a new data key: what a device that is revoked has kept opens nothing that is written from now on. The other
 * devices are asked for the passphrase. What lies there of older generations is to be removed once this header is written.
 */
export async function withNewKey(
  bytes: Uint8Array,
  change: { from: string; to: string; known: Known; revoked: ReadonlySet<string>; rounds?: number }
): Promise<Result<Uint8Array>> {
  const { from, to, known, revoked, rounds = ITERATIONS } = change;
  const found = await unwrapped(bytes, from, known);
  if (!found.ok) return found;
  const { header, opened } = found.value;
  const devices = opened.devices.map((each) => (revoked.has(each.id) ? { ...each, isRevoked: true } : each));
  const place = { ...next(header), generation: header.generation + 1, salt: newSalt(), rounds };
  return ok(await written(place, crypto.getRandomValues(new Uint8Array(32)), to, devices));
}

type Place = Omit<Header, 'key' | 'devices'>;

function next({ edition, ...header }: Header): Header {
  return { ...header, edition: edition + 1 };
}

function headerIn(bytes: Uint8Array, known?: Known): Result<Header> {
  const parsed = v.safeParse(headerSchema, parsedJson(new TextDecoder().decode(bytes)));
  if (!parsed.success) return failed(words('words.sync.not_a_batch'));
  const { remote, generation, edition } = parsed.output;
  if (known === undefined) return ok(parsed.output);
  if (remote !== known.remote) return failed(words('words.sync.foreign'));
  if (generation < known.generation || edition < known.edition) return failed(words('words.sync.older'));
  return ok(parsed.output);
}

async function unwrapped(
  bytes: Uint8Array,
  passphrase: string,
  known?: Known
): Promise<Result<{ header: Header; raw: Uint8Array<ArrayBuffer>; opened: Opened }>> {
  const header = headerIn(bytes, known);
  if (!header.ok) return header;
  const { salt, rounds, key } = header.value;
  const plain = await unseal(await keyFromPassphrase(passphrase, salt, rounds), keyName(header.value), key).catch(
    () => null
  );
  if (plain === null) return failed(words('words.sync.wrong_passphrase'));
  const raw = toBytes(plain);
  const opened = await openedWith(header.value, await dataKey(raw));
  return opened.ok ? ok({ header: header.value, raw, opened: opened.value }) : opened;
}

/** Whose list of devices opens under the data key was written by somebody who has it. */
async function openedWith(header: Header, key: CryptoKey): Promise<Result<Opened>> {
  const list = await unseal(key, devicesName(header), header.devices);
  const devices = v.safeParse(devicesSchema, list === null ? null : parsedJson(list));
  if (!devices.success) return failed(words('words.sync.not_opened'));
  const { remote, generation, edition } = header;
  return ok({ remote, generation, edition, key, devices: devices.output });
}

async function written(
  place: Place,
  raw: Uint8Array<ArrayBuffer>,
  passphrase: string,
  devices: readonly SharingDevice[]
): Promise<Uint8Array> {
  const { format, remote, generation, edition, salt, rounds } = place;
  const own = { format, remote, generation, edition, salt, rounds };
  const key = await seal(await keyFromPassphrase(passphrase, salt, rounds), keyName(own), toBase64(raw));
  return withSealedDevices({ ...own, key }, await dataKey(raw), devices);
}

async function withSealedDevices(
  header: Omit<Header, 'devices'>,
  key: CryptoKey,
  devices: readonly SharingDevice[]
): Promise<Uint8Array> {
  const list = await seal(key, devicesName(header), JSON.stringify(devices));
  return new TextEncoder().encode(JSON.stringify({ ...header, devices: list }));
}

function dataKey(raw: Uint8Array<ArrayBuffer>): Promise<CryptoKey> {
  return crypto.subtle.importKey('raw', raw, 'AES-GCM', false, ['encrypt', 'decrypt']);
}

function keyName({ format, remote, generation, salt, rounds }: Place): string {
  return JSON.stringify(['key', format, remote, generation, salt, rounds]);
}

function devicesName({ format, remote, generation, edition, salt, rounds, key }: Omit<Header, 'devices'>): string {
  return JSON.stringify(['devices', format, remote, generation, edition, salt, rounds, key.iv, key.ciphertext]);
}
