import type { ConnectionRow } from '$lib/core/rows/connection';
import type { SyncStanding } from '$lib/core/rows/events';
import type { SyncRow } from '$lib/core/rows/sync';
import type { TableName } from '$lib/core/tables';
import type { SyncLogRow } from '$lib/core/rows/sync';
import type { WorkspaceDatabase } from '../database';

/** Whether a transaction has written anything but how far sources were read. */
export function isNews({ tables }: SyncLogRow): boolean {
  return Object.keys(tables).some((table) => table !== 'cursors');
}

/** How sync stands, with what remote, and how many rows others have still to be told of; null where this device does not sync. */
export async function syncStanding(
  database: WorkspaceDatabase
): Promise<{ standing: SyncStanding; connection: ConnectionRow; waiting: number } | null> {
  const [standing, connection] = await database.runtime.bulkGet(['sync', 'connection']);
  if (standing?.id !== 'sync' || connection?.id !== 'connection') return null;
  // How far sources were read is nobody's change.
  const [unsent, cursors, log] = await Promise.all([
    database.syncRows.where('unsent').equals(1).count(),
    database.syncRows.where('[table+key]').between(['cursors', ''], ['cursors', '\uffff']).filter((row) => row.unsent === 1).count(), // prettier-ignore
    database.syncLog.filter(isNews).count()
  ]);
  return { standing, connection, waiting: unsent - cursors + log };
}

/** What is kept of who has written what of a row, under its key as text; null where nothing is. */
export async function syncedRow(database: WorkspaceDatabase, table: TableName, key: string): Promise<SyncRow | null> {
  return (await database.syncRows.get([table, key])) ?? null;
}
