import type { SyncStanding } from '$lib/core/rows/events';
import type { WorkspaceDatabase } from '../database';

/** How sync stands, and how many rows others have still to be told of; null where this device does not sync. */
export async function syncStanding(
  database: WorkspaceDatabase
): Promise<{ standing: SyncStanding; waiting: number } | null> {
  const standing = await database.runtime.get('sync');
  if (standing?.id !== 'sync') return null;
  const [unsent, log] = await Promise.all([
    database.syncRows.where('unsent').equals(1).count(),
    database.syncLog.count()
  ]);
  return { standing, waiting: unsent + log };
}
