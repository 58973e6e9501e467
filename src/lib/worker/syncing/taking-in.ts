import { failed, ok, type Result } from '$lib/core/result';
import { words, type Words } from '$lib/core/words';
import type { Storage } from '$lib/storage/port';
import type { Batch } from '$lib/sync/batches';
import { isAhead } from '$lib/sync/clock';
import { greatestIn } from '$lib/sync/entries';
import { batchName } from '$lib/sync/names';
import { applyBatch } from './applying';
import { batchFrom } from './own-batches';
import type { PassParts } from './pass-parts';
import { changeStanding, standingIn, standingOf } from './standing-row';
import { locked } from './vault';

/** What one device has told: the batch that comes next. */
interface Teller {
  readonly device: string;
  readonly last: number;
  readonly batch: Batch;
}

/**
 * Batches that were heard of: each device's in their order, and what was told knowing of another batch after that one. One that is not
 * there yet is waited for, one that cannot be taken in is given as the reason, and the other devices' are not held up by either.
 */
export async function takeIn(parts: PassParts, signal: AbortSignal): Promise<Result<Words | null>> {
  const { peers } = await standingOf(parts);
  let untaken: Words | null = null;
  let tellers: Teller[] = [];
  const hear = async (coming: Coming): Promise<Result<void>> => {
    const bytes = await coming.bytes;
    if (!bytes.ok) return bytes;
    if (bytes.value === null) return ok(undefined);
    const batch = await batchOfDevice(parts, coming, bytes.value);
    if (batch.ok) tellers.push({ device: coming.device, last: coming.last, batch: batch.value });
    else untaken = batch.reason;
    return ok(undefined);
  };
  const first = Object.entries(peers).flatMap(([device, { next, heard: last }]) =>
    next <= last ? comingFrom(parts, device, next, last) : []
  );
  for (const coming of first) {
    const heard = await hear(coming);
    if (!heard.ok) return heard;
  }
  while (tellers.length > 0) {
    if (signal.aborted) return failed(words('words.sync.stopped'));
    const teller = tellers.reduce((one, other) => (isEarlier(other, one) ? other : one));
    tellers = tellers.filter((one) => one !== teller);
    const { device, last, batch } = teller;
    // The next one is on its way while this one is written.
    const next = batch.number < last ? comingFrom(parts, device, batch.number + 1, last) : null;
    await takeBatch(parts, batch);
    const heard = next === null ? ok(undefined) : await hear(next);
    if (!heard.ok) return heard;
  }
  return ok(untaken);
}

/** Whoever has taken in what another has told has a clock beyond that one's. */
function isEarlier({ batch: one }: Teller, { batch: other }: Teller): boolean {
  return (one.greatest ?? '') < (other.greatest ?? '');
}

/** A batch that is on its way. */
interface Coming {
  readonly device: string;
  readonly number: number;
  readonly last: number;
  readonly generation: number;
  readonly bytes: Promise<Result<Uint8Array | null>>;
}

function comingFrom({ remote, seal }: PassParts, device: string, number: number, last: number): Coming {
  const { generation } = seal;
  return { device, number, last, generation, bytes: remote.get(batchName(generation, device, number)) };
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
