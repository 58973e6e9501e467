import type { Instant } from '$lib/core/instants';
import type { Enrolment, Version } from '$lib/core/rows/automations';
import { WAITS_FOR_PERSON, wakeKey } from '$lib/core/wakes';
import type { Words } from '$lib/core/words';

/** The enrolment as it waits: when the scheduler looks at it again, and the events by which it is found. */
export function waiting(enrolment: Enrolment, version: Version, wait: NonNullable<Enrolment['wait']>): Enrolment {
  const { dueAt: _dueAt, wakes: _wakes, ...rest } = enrolment;
  const dueAt = wait.for === 'time' ? wait.until : wait.for === 'event' ? wait.limit : null;
  const heard = [...version.settings.exit, ...version.settings.restart].map(({ event }) => event);
  if (wait.for === 'event') heard.push(wait.event);
  const wakes = [...new Set(heard)].map((type) => wakeKey(enrolment.contactId, type));
  if (wait.for === 'person') wakes.push(wakeKey(WAITS_FOR_PERSON, enrolment.automationId));
  return {
    ...rest,
    status: 'waiting',
    wait,
    ...(dueAt === null ? {} : { dueAt }),
    ...(wakes.length === 0 ? {} : { wakes })
  };
}

/** The enrolment on its way again. */
export function moving(enrolment: Enrolment): Enrolment {
  const { wait: _wait, dueAt: _dueAt, wakes: _wakes, ...rest } = enrolment;
  return { ...rest, status: 'active' };
}

export function atEnd(
  enrolment: Enrolment,
  status: 'completed' | 'exited' | 'failed',
  now: Instant,
  reason?: Words
): Enrolment {
  const { wait: _wait, dueAt: _dueAt, wakes: _wakes, ahead: _ahead, ...rest } = enrolment;
  return { ...rest, status, stepId: null, endedAt: now, ...(reason ? { reason } : {}) };
}
