import { MetaDatabase } from '$lib/storage/dexie/meta';
import { openDatabase, WorkspaceDatabase } from '$lib/storage/dexie/database';

let opening: Promise<WorkspaceDatabase> | null = null;

/** The workspace's database, for reading in live queries. Its name is read once: a restore makes every tab load again. */
export function workspaceDatabase(): Promise<WorkspaceDatabase> {
  return (opening ??= open());
}

async function open(): Promise<WorkspaceDatabase> {
  const meta = new MetaDatabase();
  const name = await meta.currentName();
  meta.close();
  const database = new WorkspaceDatabase(name);
  await openDatabase(database);
  return database;
}
