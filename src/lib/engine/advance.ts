import type { Enrolment, JournalEntry } from '$lib/core/rows/automations';
import { words, type Words } from '$lib/core/words';
import type { Advanced, Cause, Needy, Surroundings } from './causes';
import { sealed } from './journal';
import { withoutAhead } from './ahead';
import { Journey, STAYS } from './journey';
import { atEnd } from './states';

/**
 * Moves one enrolment through as many steps as it can until it must wait or ends. Returns its new state with all effects; nothing
 * given is changed. An expected failure of a step ends this enrolment alone, with its reason.
 */
export function advance(enrolment: Enrolment, cause: Cause, surroundings: Surroundings): Advanced | Needy {
  if (cause.by === 'version') return switched(enrolment, cause, surroundings);
  const version = surroundings.view.versions.get(enrolment.versionId);
  if (!version) return ended(enrolment, surroundings, 'failed', words('words.engine.version_gone'));
  const journey = new Journey(enrolment, version, surroundings);
  const outcome = journey.run(cause);
  return outcome === STAYS ? journey.result() : outcome;
}

/** Brings an enrolment to another version. What its journal says so far stays with the version in which it happened. */
function switched(
  enrolment: Enrolment,
  { from, to, destination }: Extract<Cause, { by: 'version' }>,
  surroundings: Surroundings
): Advanced | Needy {
  if (destination.goes === 'out') {
    const key = destination.because === 'chosen' ? 'words.engine.version_ended' : 'words.engine.step_removed';
    return ended(enrolment, surroundings, 'exited', words(key, { number: to.number }));
  }
  // What was handed over is of the old version; once it is waited for, it is the step's.
  const own = enrolment.wait?.for === 'outbox' && destination.goes === 'same' ? enrolment : withoutAhead(enrolment);
  const { enrolment: closed, blocks } = sealed(own);
  const journey = new Journey({ ...closed, versionId: to.id }, to, surroundings, blocks);
  const outcome = journey.arriveIn(from, destination);
  return outcome === STAYS ? journey.result() : outcome;
}

/** Ends an enrolment from outside: by an exit condition, a person, or a deleted contact. */
export function ended(
  enrolment: Enrolment,
  { now, contact }: Pick<Surroundings, 'now' | 'contact'>,
  status: 'exited' | 'failed',
  reason: Words,
  eventId?: string
): Advanced {
  const entry: JournalEntry = {
    at: now,
    kind: status,
    stepId: enrolment.stepId,
    words: reason,
    ...(eventId === undefined ? {} : { eventId })
  };
  return { enrolment: atEnd(enrolment, status, now, reason), contact, changes: [], events: [], entries: [entry] };
}
