import type { TrackedEvent } from '$lib/core/tracking';

/** All that is kept on the visitor's device. Nothing but `consent` before it is granted, or once it is denied. */
export interface Kept {
  consent?: 'granted' | 'denied';
  visitor?: string;
  /** Epoch ms of the last thing that the visitor did. */
  seen?: number;
  /** What the inbox has not confirmed, oldest first. */
  queue?: TrackedEvent[];
}

export interface Memory {
  read(): Kept;
  write(kept: Kept): void;
}

const KEY = 'ricochet';

/** All tabs share it, so it is read anew each time. Where the device keeps nothing (full, or refused), the page remembers. */
export function createMemory(storage: () => Pick<Storage, 'getItem' | 'setItem'>): Memory {
  let kept: Kept = {};
  let isBroken = false;
  return {
    read() {
      try {
        if (!isBroken) kept = (JSON.parse(storage().getItem(KEY) || '{}') || {}) as Kept;
      } catch {
        // What was there is of no use.
      }
      return kept;
    },
    write(next) {
      kept = next;
      try {
        storage().setItem(KEY, JSON.stringify(kept));
        isBroken = false;
      } catch {
        isBroken = true;
      }
    }
  };
}
