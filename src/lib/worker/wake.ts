import { MINUTE } from '$lib/core/instants';
import { MetaDatabase } from '$lib/storage/dexie/meta';
import { openStorage } from '$lib/storage/dexie/storage';
import { Keys } from '$lib/storage/keys/keys';
import { syncCapture } from '$lib/sync/capture';
import { v7 as timeOrderedId } from 'uuid';
import { lookOnce } from './background';
import { given, partsOf, runnerName } from './platform';

/** Browsers end what they have woken after some minutes. */
const LONGEST = 2 * MINUTE;

/**
 * What the service worker does when the browser wakes it, with the app closed: what is due leaves, and the sources are read. Nothing
 * while keys are locked: who could open them is not here.
 */
export async function wake(): Promise<void> {
  const meta = new MetaDatabase();
  const name = await meta.currentName();
  const storage = await openStorage({ name, capture: syncCapture(given) });
  try {
    const keys = new Keys(storage, meta, () => timeOrderedId());
    if (await keys.isLocked()) return;
    const parts = partsOf(storage, keys);
    await lookOnce(parts, { locks: navigator.locks, name: runnerName(name), longest: LONGEST });
  } finally {
    storage.database.close();
    meta.close();
  }
}
