import { aheadIsMeant } from './ahead';
import { databaseIsAsCommitted } from './database';
import { effectsOnce } from './effects';
import { everyoneEnters } from './entering';
import type { Invariant } from './invariant';
import { journalsAreInOrder } from './journal';
import { oneRunner } from './lease';
import { sentWithPermission } from './permission';
import { nothingLeftBehind } from './quiet';
import { unitsAreReached } from './reached';
import { nothingIsOrphaned } from './references';
import { acceptedOnce } from './sending';
import { statisticsAreTheJournal } from './statistics';
import { undoKeepsWhatIsNew } from './undo';
import { waitsAreFair } from './waiting';

/** Everything that must hold, in the order in which it is asked. */
export const INVARIANTS: readonly Invariant[] = [
  unitsAreReached,
  oneRunner,
  effectsOnce,
  everyoneEnters,
  waitsAreFair,
  journalsAreInOrder,
  sentWithPermission,
  acceptedOnce,
  aheadIsMeant,
  undoKeepsWhatIsNew,
  statisticsAreTheJournal,
  nothingLeftBehind,
  nothingIsOrphaned,
  databaseIsAsCommitted
];
