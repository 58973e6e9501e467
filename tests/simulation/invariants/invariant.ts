import type { Storage } from '$lib/storage/port';
import type { Commit, Simulation } from '../simulation';

/** Watches one run. Each method throws a `Violation` where the invariant does not hold. */
export interface Watcher {
  /** After each commit. The mirror shows the state after it. */
  committed?(commit: Commit): void;
  /** After everything has come to rest, with the storage as it is. */
  atEnd?(storage: Storage): Promise<void> | void;
}

/** Something that must always hold. */
export type Invariant = (simulation: Simulation) => Watcher;
