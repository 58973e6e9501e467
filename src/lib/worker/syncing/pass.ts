import { remove, type Change } from '$lib/core/changes';
import { MINUTE, type Instant, type Milliseconds } from '$lib/core/instants';
import { failed, ok, type Result } from '$lib/core/result';
import type { SyncStanding } from '$lib/core/rows/events';
import type { SyncRow } from '$lib/core/rows/sync';
import { words, type Words } from '$lib/core/words';
import type { Storage, Transaction } from '$lib/storage/port';
import { baselinePart, FIRST_POSITION, markAsking, markJoining } from '$lib/sync/baseline';
import { packed, unpacked, type Batch, type Entry } from '$lib/sync/batches';
import { isAhead } from '$lib/sync/clock';
import { greatestIn } from '$lib/sync/entries';
import { batchName, batchOf, isOlder } from '$lib/sync/names';
import type { Remote } from '$lib/sync/remote';
import type { Seal } from '$lib/sync/seal';
import { markSent, unsentPart } from '$lib/sync/sending';
import { beginning, newStanding } from '$lib/sync/standing';
import { applyBatch, foldInto } from './applying';
import { setRight } from './setting-right';
import { changeStanding, standingIn, standingOf, SyncEnded } from './standing-row';
import { locked, opened, type Vault } from './vault';

const CURSORS_EVERY: Milliseconds = 15 * MINUTE;

export interface PassParts {
  readonly storage: Storage;
  readonly remote: Remote;
  readonly seal: Seal;
  readonly vault: Vault;
  readonly now: () => Instant;
  /** A name for a device that nobody has: of small letters and digits. */
  readonly newDevice: () => string;
}

/**
 * From now on this device writes down what others are to be told. `isJoining`: there are others already. `beside`: what is written with
 * it.
 */
export async function beginSync(
  storage: Storage,
  { device, generation, isJoining }: { device: string; generation: number; isJoining: boolean },
  beside: readonly Change[] = []
): Promise<void> {
  await storage.transact(async (transaction) => {
    const standing: SyncStanding = {
      ...newStanding(device, generation),
      baseline: FIRST_POSITION,
      ...(isJoining ? { isJoining } : {})
    };
    await transaction.apply([{ table: 'runtime', id: 'sync', create: standing }, ...beside]);
    if (!isJoining) await markAsking(transaction);
  });
}

/** From now on nothing is written down, and what was is forgotten. */
export async function endSync(storage: Storage): Promise<void> {
  await storage.commit(['sync', 'connection'].map((id) => remove('runtime', id)));
  for (const table of ['syncLog', 'syncRows'] as const)
    for await (const rows of storage.batches(table, 1_000))
      await storage.commit(
        rows.map((row) =>
          'key' in row
            ? { table: 'syncRows', id: [row.table, row.key], delete: true as const }
            : { table: 'syncLog', id: row.id, delete: true as const }
        )
      );
}

/**
 * Takes in what others have told, then tells them what they do not know. May be cut off anywhere: the next one goes on from there.
 * Fails where the remote does, or a batch cannot be taken in, with what was done by then done.
 */
export async function syncOnce(parts: PassParts, signal: AbortSignal): Promise<Result<void>> {
  const { storage, now } = parts;
  const passed = await pass(parts, signal);
  if (!passed.ok) return notSynced(storage, passed.reason);
  const untaken = passed.value;
  const at = now();
  const standing = untaken === null ? { syncedAt: at, problem: undefined } : { problem: untaken };
  await write(storage, { reachedAt: at, ...standing });
  return untaken === null ? ok(undefined) : failed(untaken);
}

/** Writes down why it is not in agreement with others now. */
export async function notSynced(storage: Storage, reason: Words): Promise<Result<void>> {
  await write(storage, { problem: reason });
  return failed(reason);
}

function write(storage: Storage, set: Partial<SyncStanding>): Promise<void> {
  return storage.transact(async (transaction) => {
    if ((await transaction.get('runtime', 'sync')) !== undefined) await changeStanding(transaction, set);
  });
}

/** Gives why a batch of another device was not taken in; null: all were. Fails where the remote does. */
async function pass(parts: PassParts, signal: AbortSignal): Promise<Result<Words | null>> {
  try {
    await markAll(parts);
    await startAnew(parts);
    const right = await setRight(parts);
    if (!right.ok) return right;
    const pulled = await pull(parts, signal);
    if (!pulled.ok) return pulled;
    const pushed = await push(parts, signal);
    return pushed.ok ? pulled : pushed;
  } catch (error) {
    // Another tab has ended it meanwhile.
    if (error instanceof SyncEnded) return failed(words('words.sync.not_connected'));
    throw error;
  }
}

/** What was here before this device joined is older than all that the others have. */
async function markAll(parts: PassParts): Promise<void> {
  for (let isMore = true; isMore;) {
    isMore = await parts.storage.transact(async (transaction) => {
      const { isJoining, baseline, device } = await standingIn(transaction);
      if (isJoining !== true) return false;
      const next = baseline && (await markJoining(transaction, baseline, device));
      await changeStanding(transaction, next === null ? { baseline: null, isJoining: false } : { baseline: next });
      return next !== null;
    });
  }
}

/** The remote has begun anew under another key: all is read again, and all that was written here is told again. */
async function startAnew({ storage, seal }: PassParts): Promise<void> {
  const { generation } = await storage.read(standingIn);
  if (generation === seal.generation) return;
  for await (const rows of storage.batches('syncRows', 1_000))
    await storage.commit(
      rows.map(({ table, key }) => ({ table: 'syncRows', id: [table, key], set: { sent: undefined, unsent: 1 } }))
    );
  await storage.transact((transaction) =>
    // Of what was here before it synced nothing is kept that could be marked: it is gone through once more.
    changeStanding(transaction, { ...beginning(seal.generation), baseline: FIRST_POSITION })
  );
}

/** As a pass gives it. */
async function pull(parts: PassParts, signal: AbortSignal): Promise<Result<Words | null>> {
  let untaken: Words | null = null;
  for (let isMore = true; isMore;) {
    const { cursor } = await standingOf(parts);
    const changes = await parts.remote.changes(cursor, { wait: 0, signal });
    if (!changes.ok) return changes;
    const own = await takeOwn(parts, changes.value.names);
    if (!own.ok) return own;
    const swept = await sweepOlder(parts, changes.value.names);
    if (!swept.ok) return swept;
    await parts.storage.transact(async (transaction) => {
      const standing = await standingIn(transaction);
      await changeStanding(transaction, { cursor: changes.value.cursor, peers: heard(standing, changes.value.names) });
    });
    const taken = await takeIn(parts, signal);
    if (!taken.ok) return taken;
    untaken = taken.value;
    isMore = changes.value.isMore;
  }
  return ok(untaken);
}

/** What was sealed under an older key opens for whoever that key was taken from. */
async function sweepOlder({ remote, seal }: PassParts, names: readonly string[]): Promise<Result<void>> {
  for (const name of names) {
    if (!isOlder(name, seal.generation)) continue;
    const removed = await remote.remove(name);
    if (!removed.ok) return removed;
  }
  return ok(undefined);
}

/** This device has told what it does not know of: an answer was lost, it was set back, or copied. */
async function takeOwn(parts: PassParts, names: readonly string[]): Promise<Result<void>> {
  for (;;) {
    const standing = await standingOf(parts);
    const { device, next, generation } = standing;
    const numbers = names.flatMap((name) => {
      const batch = batchOf(name, generation);
      return batch?.device === device ? [batch.number] : [];
    });
    const last = Math.max(-1, ...numbers);
    if (last < next) return ok(undefined);
    const taken = await overtaken(parts, standing, last);
    if (!taken.ok) return taken;
  }
}

function heard({ peers, generation, device: own }: SyncStanding, names: readonly string[]): SyncStanding['peers'] {
  const known = { ...peers };
  for (const name of names) {
    const batch = batchOf(name, generation);
    if (batch === null || batch.device === own) continue;
    const peer = known[batch.device] ?? { next: 0, heard: -1 };
    known[batch.device] = { ...peer, heard: Math.max(peer.heard, batch.number) };
  }
  return known;
}

/**
 * Batches that were heard of, each device's in their order. One that is not there yet is waited for, one that cannot be taken in is given
 * as the reason, and the other devices' are not held up by either.
 */
async function takeIn(parts: PassParts, signal: AbortSignal): Promise<Result<Words | null>> {
  const { peers, generation } = await standingOf(parts);
  let untaken: Words | null = null;
  for (const [device, { next, heard: last }] of Object.entries(peers)) {
    const fetched = (number: number) => parts.remote.get(batchName(generation, device, number));
    let coming = next <= last ? fetched(next) : null;
    for (let number = next; coming !== null; number++) {
      const bytes = await coming;
      if (signal.aborted) return failed(words('words.sync.stopped'));
      if (!bytes.ok) return bytes;
      if (bytes.value === null) break;
      // The next one is on its way while this one is written.
      coming = number < last ? fetched(number + 1) : null;
      const batch = await batchOfDevice(parts, { device, number, generation }, bytes.value);
      if (!batch.ok) {
        untaken = batch.reason;
        break;
      }
      await takeBatch(parts, batch.value);
    }
  }
  return ok(untaken);
}

/** What a device has told, under this device's own key where it is secret. */
async function batchOfDevice(
  { storage, seal, vault, now }: PassParts,
  { device, number, generation }: { device: string; number: number; generation: number },
  bytes: Uint8Array
): Promise<Result<Batch>> {
  const batch = await batchFrom(seal, batchName(generation, device, number), bytes);
  if (!batch.ok) return batch;
  if (batch.value.device !== device || batch.value.number !== number) return failed(words('words.sync.not_a_batch'));
  if (batch.value.entries.some((entry) => isAhead(greatestIn(entry) ?? '0', now())))
    return failed(words('words.sync.clock_ahead', { device: await nameOf(storage, device) }));
  const entries = await locked(batch.value.entries, vault);
  return entries.ok ? ok({ ...batch.value, entries: entries.value }) : entries;
}

/** As people know the device that writes under this name. */
async function nameOf(storage: Storage, device: string): Promise<string> {
  const row = await storage.read((reader) => reader.get('runtime', 'connection'));
  const known = row?.id === 'connection' ? row.devices.find(({ writesAs }) => writesAs.includes(device)) : undefined;
  return known?.name ?? device;
}

async function takeBatch({ storage, now }: PassParts, batch: Batch): Promise<void> {
  const { device, number } = batch;
  await storage.transact(async (transaction) => {
    const standing = await standingIn(transaction);
    const greatest = await applyBatch(transaction, batch, standing, now());
    const peer = standing.peers[device] ?? { next: 0, heard: number };
    await changeStanding(transaction, {
      greatest,
      peers: { ...standing.peers, [device]: { ...peer, next: number + 1 } }
    });
  });
}

async function batchFrom(seal: Seal, name: string, bytes: Uint8Array): Promise<Result<Batch>> {
  const plain = await seal.open(name, bytes);
  return plain.ok ? unpacked(new Uint8Array(plain.value)) : plain;
}

async function push(parts: PassParts, signal: AbortSignal): Promise<Result<void>> {
  const { storage } = parts;
  await storage.transact(foldInto);
  for (;;) {
    if (signal.aborted) return failed(words('words.sync.stopped'));
    const standing = await standingOf(parts);
    const { baseline } = standing;
    if (baseline !== null) {
      const { entries, next } = await storage.read((reader) => baselinePart(reader, baseline));
      const put = await tell(parts, standing, entries, (transaction) =>
        changeStanding(transaction, { baseline: next })
      );
      if (!put.ok) return put;
      continue;
    }
    const { entries, rows } = await storage.read(unsentPart);
    if (rows.length === 0 || isOfLittleUse(rows, standing, parts.now())) return ok(undefined);
    const put = await tell(parts, standing, entries, (transaction) => markSent(transaction, rows));
    if (!put.ok) return put;
  }
}

/** Stores a batch and writes down that it is; nothing is stored where there is nothing to tell. */
async function tell(
  parts: PassParts,
  standing: SyncStanding,
  untold: readonly Entry[],
  told: (transaction: Transaction) => Promise<void>
): Promise<Result<void>> {
  const { storage, remote, seal, vault, newDevice } = parts;
  const entries = await opened(untold, vault);
  if (!entries.ok) return entries;
  if (entries.value.length === 0) {
    await storage.transact(told);
    return ok(undefined);
  }
  const { device, next: number, greatest } = standing;
  // Kept before the batch leaves: where its answer is lost, it is known again.
  const attempt = standing.attempt ?? newDevice();
  if (standing.attempt === null) await storage.transact((transaction) => changeStanding(transaction, { attempt }));
  const name = batchName(seal.generation, device, number);
  const batch: Batch = { version: 1, device, number, attempt, greatest, entries: entries.value };
  const put = await remote.put(name, await seal.seal(name, await packed(batch)));
  if (!put.ok) return put;
  if (put.value === 'exists') return overtaken(parts, standing, number);
  await storage.transact(async (transaction) => {
    await told(transaction);
    await changeStanding(transaction, { next: number + 1, attempt: null, toldAt: parts.now() });
  });
  return ok(undefined);
}

/** How far sources were read, and nothing else, is told now and then: whoever goes on from an older place reads a little twice. */
function isOfLittleUse(rows: readonly SyncRow[], { toldAt = -Infinity }: SyncStanding, now: Instant): boolean {
  return rows.every(({ table }) => table === 'cursors') && now >= toldAt && now - toldAt < CURSORS_EVERY;
}

/**
 * There is a batch of the next number: this device's own, of which no answer came, or that of a copy of it, or of what it was before it
 * was set back. It is then another device from now on, and takes in what it does not know of itself, up to `last` at least.
 */
async function overtaken(parts: PassParts, standing: SyncStanding, last: number): Promise<Result<void>> {
  const { storage, remote, newDevice } = parts;
  const { device, attempt, next, generation } = standing;
  const name = batchName(generation, device, next);
  const found = await remote.get(name);
  if (!found.ok) return found;
  const batch = found.value === null ? null : await batchFrom(parts.seal, name, found.value);
  const isOwn = attempt !== null && batch?.ok === true && batch.value.attempt === attempt;
  await storage.transact(async (transaction) => {
    const { peers, formerly = [] } = await standingIn(transaction);
    const names = [...formerly, device];
    const anew = { device: newDevice(), formerly: names, next: 0, attempt: null, cursor: null };
    await changeStanding(
      transaction,
      isOwn ? { next: next + 1, attempt: null } : { ...anew, peers: { ...peers, [device]: { next, heard: last } } }
    );
  });
  return ok(undefined);
}
