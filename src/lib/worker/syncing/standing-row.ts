import type { SyncStanding } from '$lib/core/rows/events';
import type { Reader, Storage, Transaction } from '$lib/storage/port';

/** Another tab has ended it meanwhile. */
export class SyncEnded extends Error {
  constructor() {
    super('this device does not sync any more');
    this.name = 'SyncEnded';
  }
}

/** Throws `SyncEnded`. */
export async function standingIn(reader: Reader): Promise<SyncStanding> {
  const row = await reader.get('runtime', 'sync');
  if (row?.id !== 'sync') throw new SyncEnded();
  return row;
}

/** Throws `SyncEnded`. */
export function standingOf({ storage }: { readonly storage: Storage }): Promise<SyncStanding> {
  return storage.read(standingIn);
}

export async function changeStanding(transaction: Transaction, set: Partial<SyncStanding>): Promise<void> {
  await transaction.apply([{ table: 'runtime', id: 'sync', set }]);
}
