import { Lease, type Locks } from './lease';
import type { Parts } from './parts';
import { Runner } from './runner';

/** The engine as one tab has it: it runs here while this tab holds the lease, and is told to look wherever it runs. */
export interface Engine {
  readonly lease: Lease;
  readonly runner: Runner;
  /** Lets the runner look, in whichever tab it is. */
  readonly look: () => void;
  /** Another tab has asked for a look. */
  readonly asked: () => void;
}

/** Asks for the lease, and runs the engine from when it is given until it is lost. `tellOthers` asks the other tabs for a look. */
export function startEngine(
  parts: Parts,
  { locks, name, tellOthers }: { locks: Locks; name: string; tellOthers: () => void }
): Engine {
  const lease = new Lease(parts.storage, locks, name, parts, {
    gained: () => void runner.begin(),
    lost: () => runner.lost()
  });
  const runner = new Runner(parts, lease);
  lease.start();
  return {
    lease,
    runner,
    look: () => {
      if (lease.isHeld) void runner.look();
      else tellOthers();
    },
    asked: () => {
      if (lease.isHeld) void runner.look();
    }
  };
}
