import type { JournalEntry } from '$lib/core/rows/automations';
import { addedTo } from '../journals';
import { Violation } from '../simulation';
import type { Invariant } from './invariant';

const NAME = 'statistics are what the journal says';

/** Every entry that was ever written is counted once, under the version that its enrolment was on. */
export const statisticsAreTheJournal: Invariant = ({ mirror }) => {
  const counts = new Map<string, number>();
  return {
    committed: (commit) => {
      for (const { entries, before, after } of addedTo(commit, mirror))
        for (const [at, entry] of entries.entries()) {
          // Whoever goes over to another version is counted there from then on.
          const hasSwitched = entries.slice(0, at + 1).some(({ kind }) => kind === 'switched');
          const versionId = (hasSwitched ? after : (before ?? after))?.versionId ?? '';
          const id = `${versionId} ${entry.stepId ?? ''} ${whatOf(entry)}`;
          counts.set(id, (counts.get(id) ?? 0) + 1);
        }
    },
    atEnd: () => {
      const versions = new Set(mirror.all('versions').map(({ id }) => id));
      const kept = new Map(mirror.all('statistics').map(({ id, count }) => [id, count]));
      for (const [id, count] of counts) {
        // An automation that was removed takes its counts along.
        if (!versions.has(id.split(' ')[0] ?? '')) continue;
        if (kept.get(id) !== count)
          throw new Violation(NAME, `${id} is ${kept.get(id)}, and the journal says ${count}`);
        kept.delete(id);
      }
      const [invented] = kept.keys();
      if (invented !== undefined)
        throw new Violation(NAME, `${invented} is counted, and the journal knows nothing of it`);
    }
  };
};

function whatOf({ kind, branch }: JournalEntry): string {
  return kind === 'moved' ? `branch:${branch ?? 'next'}` : kind;
}
