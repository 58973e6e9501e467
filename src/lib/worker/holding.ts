import { update, type Change } from '$lib/core/changes';
import type { Id } from '$lib/core/ids';
import type { Instant } from '$lib/core/instants';
import type { Transaction } from '$lib/storage/port';

/**
 * Pausing takes due times away, so that the scheduler does not meet these journeys; going on gives them back. A wait for an event
 * then looks at what has happened in the meantime at once.
 */
export async function holdJourneys(
  transaction: Transaction,
  automationId: Id,
  hold: boolean,
  now: Instant
): Promise<Change[]> {
  const waiting = await transaction.query('enrolments', {
    index: '[automationId+status]',
    equals: [automationId, 'waiting']
  });
  return waiting.flatMap((enrolment): Change[] => {
    if (hold)
      return enrolment.dueAt === undefined
        ? []
        : [update('enrolments', enrolment.id, { dueAt: undefined, held: enrolment.dueAt })];
    const dueAt = enrolment.wait?.for === 'event' ? now : enrolment.held;
    return dueAt === undefined ? [] : [update('enrolments', enrolment.id, { dueAt, held: undefined })];
  });
}
