import { MetaDatabase } from '$lib/storage/dexie/meta';
import { openDatabase, WorkspaceDatabase } from '$lib/storage/dexie/database';

let opening: Promise<WorkspaceDatabase> | null = null;

/** The workspace's database, for reading in live queries. Its name is read once: a restore makes every tab load again. */
export function workspaceDatabase(): Promise<WorkspaceDatabase> {
  return (opening ??= open());
}

/** What `MetaDatabase.birth` says of the workspace here. */
export const workspaceBirth = (): Promise<string> => inMeta((meta) => meta.birth());

async function inMeta<T>(read: (meta: MetaDatabase) => Promise<T>): Promise<T> {
  const meta = new MetaDatabase();
  try {
    return await read(meta);
  } finally {
    meta.close();
  }
}

async function open(): Promise<WorkspaceDatabase> {
  const name = await inMeta((meta) => meta.currentName());
  const database = new WorkspaceDatabase(name);
  abortWhenLeft(database);
  await openDatabase(database);
  return database;
}

/**
 * A page that is left may be kept asleep for the way back. In WebKit it then sleeps inside what it was reading, and no other page
 * could write. (It loads anew when somebody comes back: engine.ts.)
 */
function abortWhenLeft(database: WorkspaceDatabase): void {
  const underWay = new Set<IDBTransaction>();
  database.use({
    stack: 'dbcore',
    name: 'abort when left',
    create: (core) => ({
      ...core,
      transaction: (...options) => {
        const transaction = core.transaction(...options) as IDBTransaction;
        underWay.add(transaction);
        for (const end of ['complete', 'abort'])
          transaction.addEventListener(end, () => underWay.delete(transaction), { once: true });
        return transaction;
      }
    })
  });
  addEventListener('pagehide', ({ persisted }) => {
    if (persisted) for (const transaction of underWay) transaction.abort();
  });
}
