import type { Milliseconds } from '$lib/core/instants';
import { Lease, type Locks } from './lease';
import type { Parts } from './parts';
import { Runner } from './runner';

/**
 * Does all that is due now, and ends: for whoever is woken while no page is open. False, with nothing done, where a page runs the engine,
 * and where devices share the workspace: whose turn it is takes longer to find out than a browser gives here.
 * What is not done after `longest` ms is left as a crash would leave it, to whoever runs the engine next.
 */
export async function lookOnce(
  parts: Parts,
  { locks, name, longest }: { locks: Locks; name: string; longest: Milliseconds }
): Promise<boolean> {
  if ((await parts.storage.read((reader) => reader.get('runtime', 'connection'))) !== undefined) return false;
  const failures: Error[] = [];
  const lease = new Lease(parts.storage, locks, name, parts, {
    gained: () =>
      void runner
        .begin()
        .catch((error: unknown) => failures.push(new Error('the engine failed in the background', { cause: error })))
        .finally(() => {
          runner.end();
          lease.stop();
        }),
    lost: () => runner.lost()
  });
  const runner = new Runner(parts, lease);
  const cancel = parts.timers.after(longest, () => lease.stop());
  try {
    const wasFree = await lease.takeIfFree();
    if (failures[0]) throw failures[0];
    return wasFree;
  } finally {
    cancel();
  }
}
