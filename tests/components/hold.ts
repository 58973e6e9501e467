import { Dexie } from 'dexie';
import { workspaceDatabase } from '$lib/app/database';
import type { TableName } from '$lib/core/tables';

/** Nobody can read the table until what this gives is called. */
export async function hold(table: TableName): Promise<() => Promise<void>> {
  const database = await workspaceDatabase();
  let letGo = (): void => undefined;
  const kept = new Promise<void>((resolve) => (letGo = resolve));
  const held = database.transaction('rw', database.table(table), () => Dexie.waitFor(kept));
  return async () => {
    letGo();
    await held;
  };
}
