// What every test starts with. Files of one process share what is loaded, so it has to be here before the first of them.
// Dexie takes the IndexedDB that is there when it is loaded.
import 'fake-indexeddb/auto';
import fc from 'fast-check';
import { vi } from 'vitest';

// A run that fails names a change, not luck; `npm run test:properties` looks for what no seed has shown yet. What such a run has found is
// seen again with PROPERTY_RUNS=1 and the seed and the path that it names.
const { PROPERTY_RUNS, PROPERTY_SEED, PROPERTY_PATH } = process.env;
fc.configureGlobal({
  ...(PROPERTY_RUNS ? { numRuns: Number(PROPERTY_RUNS) } : { seed: 20_261_128 }),
  ...(PROPERTY_SEED ? { seed: Number(PROPERTY_SEED) } : {}),
  ...(PROPERTY_PATH ? { path: PROPERTY_PATH, endOnFailure: true } : {})
});

// A second, which is what it waits by itself, is enough where the computer has nothing else to do.
if (!('isPatient' in vi)) {
  const waitFor = vi.waitFor.bind(vi);
  const patient: typeof waitFor = (callback, patience = 60_000) => waitFor(callback, patience);
  Object.assign(vi, { isPatient: true, waitFor: patient });
}
