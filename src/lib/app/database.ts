import Dexie, { RangeSet } from 'dexie';
import { openDatabase, WorkspaceDatabase } from '$lib/storage/dexie/database';
import { Leaving } from '$lib/storage/dexie/leaving';
import { MetaDatabase } from '$lib/storage/dexie/meta';
import { engine } from './engine';
import { whenLeaving } from './leaving';

const leaving = new Leaving();

let meta: Promise<MetaDatabase> | null = null;
let workspace: Promise<WorkspaceDatabase> | null = null;
/** As the page found them: asked for once, since opening the app waits for it. */
let installed: Promise<IDBDatabaseInfo[]> | null = null;

/** What belongs to this device, for reading. */
export function metaDatabase(): Promise<MetaDatabase> {
  return (meta ??= openMeta());
}

/** The workspace's database, for reading in live queries. Its name is read once: a restore makes every tab load again. */
export function workspaceDatabase(): Promise<WorkspaceDatabase> {
  return (workspace ??= openWorkspace());
}

async function openMeta(): Promise<MetaDatabase> {
  whenLeaving({
    left: () => leaving.leave(),
    stayed: () =>
      void leaving.stay().then(() => {
        // Live queries ask again.
        Dexie.on.storagemutated.fire({ all: new RangeSet(-Infinity, [[]]) });
      })
  });
  const database = new MetaDatabase();
  letGoWhenLeft(database);
  await isMade(database);
  return database;
}

async function openWorkspace(): Promise<WorkspaceDatabase> {
  const database = new WorkspaceDatabase(await (await metaDatabase()).currentName());
  letGoWhenLeft(database);
  // What kept the worker from making it keeps this page from it too, and has been waited for.
  await openDatabase(database, (await isMade(database)) ? undefined : 0);
  leaving.hold(database);
  return database;
}

/**
 * Resolves when the database is there as this version of the app has it: false where it cannot be. The worker makes and upgrades it.
 * A page that did so could be put to sleep halfway (see below), and nobody could open it any more; the worker is ended then.
 */
async function isMade(database: Dexie): Promise<boolean> {
  const isIt = ({ name, version = 0 }: IDBDatabaseInfo): boolean =>
    // Native versions are ten times ours.
    name === database.name && version >= 10 * database.verno;
  if ((await (installed ??= indexedDB.databases())).some(isIt)) return true;
  return engine()
    .look()
    .then(
      () => true,
      () => false
    );
}

/**
 * A page that is left may be kept asleep for the way back. In WebKit it then sleeps inside what it was reading, and no other page
 * could write. (It loads anew when somebody comes back: engine.ts.)
 */
function letGoWhenLeft(database: Dexie): void {
  leaving.follow(database);
  addEventListener('pagehide', ({ persisted }) => {
    if (!persisted) return;
    leaving.leave();
    // There is a moment left until it sleeps, in which it would begin to read again.
    database.close({ disableAutoOpen: true });
  });
}
