import { failed, ok, type Result } from '$lib/core/result';
import type { SyncStanding } from '$lib/core/rows/events';
import { words, type Words } from '$lib/core/words';
import type { Storage } from '$lib/storage/port';
import type { Batch } from '$lib/sync/batches';
import { isAhead } from '$lib/sync/clock';
import { greatestIn } from '$lib/sync/entries';
import { batchName, batchOf, isOlder } from '$lib/sync/names';
import { applyBatch } from './applying';
import { batchFrom, takeOwn } from './own-batches';
import type { PassParts } from './pass-parts';
import { changeStanding, standingIn, standingOf } from './standing-row';
import { locked } from './vault';

/** Takes in what others have told. Gives why a batch of another device was not taken in; null: all were. Fails where the remote does. */
export async function pull(parts: PassParts, signal: AbortSignal): Promise<Result<Words | null>> {
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

async function takeBatch({ storage, now, runs }: PassParts, batch: Batch): Promise<void> {
  const { device, number } = batch;
  await storage.transact(async (transaction) => {
    const standing = await standingIn(transaction);
    const greatest = await applyBatch(transaction, batch, standing, { now: now(), runs: runs() });
    const peer = standing.peers[device] ?? { next: 0, heard: number };
    await changeStanding(transaction, {
      greatest,
      peers: { ...standing.peers, [device]: { ...peer, next: number + 1 } }
    });
  });
}
