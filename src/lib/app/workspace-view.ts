import { VIEW_TABLES, type WorkspaceView } from '$lib/core/tables';
import type { WorkspaceDatabase } from '$lib/storage/dexie/database';

/** The small tables whole, as the engine sees them: for sentences, checks and choices by name. */
export async function workspaceView(database: WorkspaceDatabase): Promise<WorkspaceView> {
  const tables = await Promise.all(
    VIEW_TABLES.map(async (table) => {
      const rows: { id: string }[] = await database.rowsOf(table).toArray();
      return [table, new Map(rows.map((row) => [row.id, row]))] as const;
    })
  );
  return Object.fromEntries(tables) as unknown as WorkspaceView;
}

export function emptyView(): WorkspaceView {
  return Object.fromEntries(VIEW_TABLES.map((table) => [table, new Map()])) as unknown as WorkspaceView;
}
