import { openStorage, type DexieStorage } from '$lib/storage/dexie/storage';
import { MemoryStorage } from '$lib/storage/memory';
import Dexie from 'dexie';
import type { Machine } from './simulation';

/** The database in memory, the same object for all tabs. */
export function memoryMachine(): Machine {
  const storage = new MemoryStorage();
  return { isReal: false, open: () => Promise.resolve(storage), end: () => Promise.resolve() };
}

let made = 0;

/** Dexie, with a connection for each tab. IndexedDB must be there: import `fake-indexeddb/auto` first. */
export function dexieMachine(): Machine {
  const name = `simulation ${++made}`;
  const opened: DexieStorage[] = [];
  return {
    isReal: true,
    open: async () => {
      const storage = await openStorage({ name });
      opened.push(storage);
      return storage;
    },
    end: async () => {
      for (const storage of opened) storage.close();
      await Dexie.delete(name);
    }
  };
}
