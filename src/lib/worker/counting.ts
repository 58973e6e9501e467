import { create, update, type Change } from '$lib/core/changes';
import type { Tally } from '$lib/engine/tally';
import type { Transaction } from '$lib/storage/port';

/** A tally added to the statistics that are kept, as changes for the transaction that writes the journal it was made from. */
export async function countedChanges(transaction: Transaction, counts: Tally): Promise<Change[]> {
  const stored = await transaction.getMany('statistics', [...counts.keys()]);
  return [...counts.values()].map((statistic, index) => {
    const before = stored[index];
    return before
      ? update('statistics', statistic.id, { count: before.count + statistic.count })
      : create('statistics', statistic.id, statistic);
  });
}
