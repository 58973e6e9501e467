import { MINUTE, type Instant, type Milliseconds } from '$lib/core/instants';
import { failed, ok, type Result } from '$lib/core/result';
import type { SyncStanding } from '$lib/core/rows/events';
import type { SyncRow } from '$lib/core/rows/sync';
import { words } from '$lib/core/words';
import type { Transaction } from '$lib/storage/port';
import { baselinePart } from '$lib/sync/baseline';
import { packed, type Batch, type Entry } from '$lib/sync/batches';
import { batchName } from '$lib/sync/names';
import { markSent, unsentPart } from '$lib/sync/sending';
import { foldInto } from './applying';
import { overtaken } from './own-batches';
import type { PassParts } from './pass-parts';
import { changeStanding, standingOf } from './standing-row';
import { opened } from './vault';

const CURSORS_EVERY: Milliseconds = 15 * MINUTE;

/** Tells others what they do not know, and stops between two batches where it is told to. Fails where the remote does. */
export async function push(parts: PassParts, signal: AbortSignal): Promise<Result<void>> {
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
