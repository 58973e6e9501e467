import { MemoryStorage } from '$lib/storage/memory';
import type { Machine } from './simulation';

/** The database in memory, the same object for all tabs. */
export function memoryMachine(): Machine {
  const storage = new MemoryStorage();
  return { isReal: false, open: () => Promise.resolve(storage) };
}
