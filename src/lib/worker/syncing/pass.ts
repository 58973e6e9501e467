import { remove, type Change } from '$lib/core/changes';
import type { Instant } from '$lib/core/instants';
import { failed, ok, type Result } from '$lib/core/result';
import type { SyncStanding } from '$lib/core/rows/events';
import { words, type Words } from '$lib/core/words';
import type { Storage } from '$lib/storage/port';
import { FIRST_POSITION, markAsking, markJoining } from '$lib/sync/baseline';
import { beginning, newStanding } from '$lib/sync/standing';
import type { PassParts } from './pass-parts';
import { pull } from './pulling';
import { push } from './pushing';
import { endAllRivals } from './rivals';
import { setRight } from './setting-right';
import { changeStanding, standingIn, SyncEnded } from './standing-row';

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
export async function endSync(storage: Storage, now: Instant): Promise<void> {
  await endAllRivals((work) => storage.transact(work), now);
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
