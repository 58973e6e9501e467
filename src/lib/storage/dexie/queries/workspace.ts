import type { Id } from '$lib/core/ids';
import type { Tables } from '$lib/core/tables';
import type { WorkspaceDatabase } from '../database';

/** Tables whose rows have a name. */
type Named = { [T in keyof Tables]: Tables[T] extends { id: string; name: string } ? T : never }[keyof Tables];

export function settings(database: WorkspaceDatabase): Promise<Tables['settings'] | undefined> {
  return database.settings.get('workspace');
}

/** All rows of a small table by their name, as people sort names. */
export async function rowsByName<T extends Named>(database: WorkspaceDatabase, table: T): Promise<Tables[T][]> {
  const collator = new Intl.Collator(undefined, { numeric: true });
  const rows = await database.rowsOf(table).toArray();
  return rows.sort((left, right) => collator.compare(left.name, right.name));
}

/** One row of any table, by its id. */
export function rowById<T extends Named>(
  database: WorkspaceDatabase,
  table: T,
  id: Id
): Promise<Tables[T] | undefined> {
  return database.rowsOf(table).get(id);
}

/** Last started first. */
export async function imports(database: WorkspaceDatabase): Promise<Tables['imports'][]> {
  return (await database.imports.toArray()).sort((left, right) => right.startedAt - left.startedAt);
}

export function importById(database: WorkspaceDatabase, id: Id): Promise<Tables['imports'] | undefined> {
  return database.imports.get(id);
}

/** Posts that were not understood, the latest first. */
export function quarantined(database: WorkspaceDatabase): Promise<Tables['quarantine'][]> {
  return database.quarantine.orderBy('receivedAt').reverse().limit(200).toArray();
}

/** How far the relay of this account was read. */
export function relayCursor(database: WorkspaceDatabase, accountId: Id): Promise<Tables['cursors'] | undefined> {
  return database.cursors.get(`relay.inbox:${accountId}`);
}

/** How far each source was read. */
export function cursors(database: WorkspaceDatabase): Promise<Tables['cursors'][]> {
  return database.cursors.toArray();
}
