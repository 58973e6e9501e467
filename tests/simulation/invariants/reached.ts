import { catalogue } from '$lib/catalogue/registry';
import { addedTo } from '../journals';
import type { Invariant } from './invariant';

/** Notes which units of the catalogue were reached: it never fails, but a batch of runs that leaves one out does. */
export const unitsAreReached: Invariant = ({ mirror, coverage }) => ({
  committed: (commit) => {
    for (const { entries, before, after } of addedTo(commit, mirror)) {
      const enrolment = before ?? after;
      const version = mirror.get('versions', enrolment?.versionId ?? '');
      for (const { kind, stepId } of entries) {
        const step = version?.graph.steps.find(({ id }) => id === stepId);
        if (step) coverage.reached(step.unit);
        if (kind !== 'entered') continue;
        for (const { unit } of version?.graph.triggers ?? [])
          if (catalogue.triggers.get(unit)?.event.type === enrolment?.event.type) coverage.reached(unit);
      }
    }
  }
});
