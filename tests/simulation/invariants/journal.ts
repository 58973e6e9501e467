import { addedTo } from '../journals';
import { Violation } from '../simulation';
import type { Invariant } from './invariant';

const NAME = 'a journal tells what happened, in its order, and of no bug';

/** Reasons that a graph which was published and is run by a sound engine never gives. */
const BUGS: ReadonlySet<string> = new Set([
  'words.engine.bug',
  'words.engine.loop',
  'words.engine.step_gone',
  'words.engine.version_gone'
]);

export const journalsAreInOrder: Invariant = ({ mirror, faults }) => {
  const last = new Map<string, number>();
  return {
    committed: (commit) => {
      for (const { enrolmentId, entries } of addedTo(commit, mirror))
        for (const { at, words, kind } of entries) {
          if (words && BUGS.has(words.key)) throw new Violation(NAME, `${enrolmentId}: ${JSON.stringify(words)}`);
          // When somebody sets the clock back, so does the journal.
          if (at < (last.get(enrolmentId) ?? 0) && !faults.struck.has('clock back'))
            throw new Violation(NAME, `${enrolmentId}: ${kind} at ${at} comes after ${last.get(enrolmentId)}`);
          last.set(enrolmentId, at);
        }
    }
  };
};
