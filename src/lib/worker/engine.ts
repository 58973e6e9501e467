import { Lease, type Locks } from './lease';
import type { Parts } from './parts';
import { Runner } from './runner';
import { SharedRight } from './syncing/shared-right';

/** The engine as one tab has it: it runs here while this tab has the right, and is told to look wherever it runs. */
export interface Engine {
  /** This tab's among the tabs of this device. */
  readonly lease: Lease;
  /** With what other devices have to do with it. */
  readonly right: SharedRight;
  readonly runner: Runner;
  /** Lets the runner look, in whichever tab it is. */
  readonly look: () => void;
  /** Another tab has asked for a look. */
  readonly asked: () => void;
}

/**
 * Asks for the right, and runs the engine from when it is given until it is lost. `tellOthers` asks the other tabs for a look, `gained`
 * is told that this tab has its part of the right. Nothing runs before `start`, by when it is known whether this device shares the workspace.
 */
export function startEngine(
  parts: Parts,
  { locks, name, tellOthers, gained }: { locks: Locks; name: string; tellOthers: () => void; gained?: () => void }
): Engine & { start: () => void } {
  const lease = new Lease(parts.storage, locks, name, parts, {
    gained: () => {
      right.tabGained();
      gained?.();
    },
    lost: () => right.tabLost()
  });
  const right = new SharedRight(lease, parts, {
    gained: () => void runner.begin(),
    lost: () => runner.lost(),
    maySend: () => void runner.look()
  });
  // Where it is not known whether another device sends, it is as if there were no network: all waits.
  const runner = new Runner({ ...parts, isOnline: () => parts.isOnline() && right.maySend }, right);
  return {
    lease,
    right,
    runner,
    start: () => lease.start(),
    look: () => {
      if (lease.isHeld) void runner.look();
      else tellOthers();
    },
    asked: () => {
      if (lease.isHeld) void runner.look();
    }
  };
}
