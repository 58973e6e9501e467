import type { Id } from '$lib/core/ids';
import type { Instant } from '$lib/core/instants';
import { failed, ok, type Result } from '$lib/core/result';
import { words } from '$lib/core/words';
import type { Storage } from '$lib/storage/port';
import { asApplied } from '$lib/sync/capture';
import { deviceOf, stampAt } from '$lib/sync/clock';
import { keep } from '$lib/sync/folding';
import { changeOfRow } from '$lib/sync/receiving';
import { conflictsIn, merged, partOf, rowOf } from '$lib/sync/row-state';
import { keptOf, knownOf, stateOf } from '$lib/sync/standing';
import { foldAll } from './applying';

/** Both sides of one part of an automation that two devices have written without knowledge of each other. */
export interface SyncConflict {
  /** where it is in the automation, as a JSON Pointer */
  readonly pointer: string;
  /** The last one holds until somebody chooses. `value`: undefined where it was taken away. */
  readonly sides: readonly { readonly stamp: string; readonly device: string; readonly value: unknown }[];
}

/** What of an automation devices have written otherwise, and nobody has chosen between yet. */
export async function conflictsOf(storage: Storage, automationId: Id): Promise<SyncConflict[]> {
  const kept = await storage.read((reader) => reader.get('syncRows', ['automations', automationId]));
  const state = stateOf('automations', kept, undefined);
  return [...conflictsIn(state)].map(([pointer, writings]) => ({
    pointer,
    sides: writings.map((writing) => ({
      stamp: writing.stamp,
      device: deviceOf(writing.stamp),
      value: partOf(state, pointer, writing)
    }))
  }));
}

/** The side of this stamp holds from now on, here and on all devices. Refused where somebody has chosen meanwhile. */
export async function chooseSide(
  storage: Storage,
  automationId: Id,
  { pointer, stamp }: { pointer: string; stamp: string },
  now: Instant
): Promise<Result<void>> {
  return storage.transact(async (transaction) => {
    const standing = await transaction.get('runtime', 'sync');
    if (standing?.id !== 'sync') return failed(words('words.sync.not_connected'));
    const greatest = await foldAll(transaction, standing);
    const kept = await transaction.get('syncRows', ['automations', automationId]);
    const before = await transaction.get('automations', automationId);
    const state = stateOf('automations', kept, before);
    const writings = conflictsIn(state).get(pointer) ?? [];
    const chosen = writings.find((one) => one.stamp === stamp);
    if (kept === undefined || chosen === undefined) return failed(words('words.sync.chosen'));
    const anew = stampAt(greatest, now, standing.device);
    const writing = { stamp: anew, leaf: chosen.leaf, over: writings.at(-1)?.stamp ?? null };
    const after = merged('automations', state, { made: null, gone: null, leaves: { [pointer]: [writing] } });
    const change = changeOfRow('automations', automationId, before, rowOf<'automations'>(after));
    await transaction.apply([
      ...asApplied(change === null ? [] : [change]),
      keep(kept, keptOf('automations', automationId, after, { sent: knownOf(kept) ?? undefined, unsent: 1 })),
      { table: 'runtime', id: 'sync', set: { greatest: anew } }
    ]);
    return ok(undefined);
  });
}
