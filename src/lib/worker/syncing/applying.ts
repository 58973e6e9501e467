import type { Change } from '$lib/core/changes';
import type { Instant } from '$lib/core/instants';
import type { SyncStanding } from '$lib/core/rows/events';
import type { Transaction } from '$lib/storage/port';
import type { Batch } from '$lib/sync/batches';
import { asApplied } from '$lib/sync/capture';
import { latest, type Stamp } from '$lib/sync/clock';
import { greatestIn } from '$lib/sync/entries';
import { foldLog } from '$lib/sync/folding';
import { receive, type Received } from '$lib/sync/receiving';
import { settle } from './settling';
import { changeStanding, standingIn } from './standing-row';

/** Folds the whole log, so that what was written here has the stamps of its time, and returns the state of the clock then. */
export async function foldAll(transaction: Transaction, { greatest, device }: SyncStanding): Promise<Stamp | null> {
  for (let last = greatest; ;) {
    const folded = await foldLog(transaction, last, device);
    last = folded.greatest;
    if (!folded.isMore) return last;
  }
}

/** The same, and the clock's state is written down. Throws `SyncEnded`. */
export async function foldInto(transaction: Transaction): Promise<Stamp | null> {
  const standing = await standingIn(transaction);
  const greatest = await foldAll(transaction, standing);
  if (greatest !== standing.greatest) await changeStanding(transaction, { greatest });
  return greatest;
}

/**
 * Takes another device's batch in, in this transaction. Returns the state of the clock after it. Taken in twice, late or in whatever
 * order, batches come to the same. `runs`: whether this device runs the journeys.
 */
export async function applyBatch(
  transaction: Transaction,
  batch: Batch,
  standing: SyncStanding,
  given: { readonly now: Instant; readonly runs: boolean }
): Promise<Stamp | null> {
  let greatest = latest(await foldAll(transaction, standing), batch.greatest);
  for (const entry of batch.entries) greatest = latest(greatest, greatestIn(entry));
  const { received, rows, beside } = await receive(transaction, batch.entries);
  const twice = await doubles(transaction, rows);
  const taken = rows.filter(({ table, id }) => !(table === 'events' && twice.leftOut.has(String(id))));
  await transaction.apply(asApplied([...twice.removals, ...taken]));
  await transaction.apply(beside);
  const settled = received.filter(({ table, key }) => !(table === 'events' && twice.leftOut.has(String(key))));
  await settle(transaction, [...settled, ...twice.removed], given);
  return greatest;
}

/** Two devices that have read one source have one fact twice: the one with the lesser id stays, on each of them. */
async function doubles(
  transaction: Transaction,
  rows: readonly Change[]
): Promise<{ leftOut: Set<string>; removals: Change[]; removed: Received[] }> {
  const leftOut = new Set<string>();
  const removals: Change[] = [];
  const removed: Received[] = [];
  const made = new Map<string, string>();
  for (const { table, create } of rows) {
    const { id, dedupeKey } = table === 'events' && create !== undefined ? create : {};
    if (id === undefined || dedupeKey === undefined) continue;
    const other = made.get(dedupeKey);
    if (other !== undefined) leftOut.add(other < id ? id : other);
    if (other === undefined || id < other) made.set(dedupeKey, id);
  }
  if (made.size === 0) return { leftOut, removals, removed };
  const present = await transaction.query('events', { index: 'dedupeKey', anyOf: [...made.keys()] });
  for (const row of present) {
    const id = made.get(row.dedupeKey ?? '');
    if (id === undefined || id === row.id) continue;
    if (id > row.id) leftOut.add(id);
    else {
      removals.push({ table: 'events', id: row.id, delete: true });
      removed.push({ table: 'events', key: row.id, before: row, after: undefined });
    }
  }
  return { leftOut, removals, removed };
}
