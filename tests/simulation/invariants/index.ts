import { databaseIsAsCommitted } from './database';
import type { Invariant } from './invariant';
import { oneRunner } from './lease';
import { nothingLeftBehind } from './quiet';
import { acceptedOnce } from './sending';
import { statisticsAreTheJournal } from './statistics';

/** Everything that must hold, in the order in which it is asked at the end of a run. */
export const INVARIANTS: readonly Invariant[] = [
  databaseIsAsCommitted,
  oneRunner,
  acceptedOnce,
  statisticsAreTheJournal,
  nothingLeftBehind
];
