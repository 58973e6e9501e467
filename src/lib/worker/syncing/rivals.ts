import type { Change } from '$lib/core/changes';
import type { Id } from '$lib/core/ids';
import type { Instant } from '$lib/core/instants';
import type { Enrolment } from '$lib/core/rows/automations';
import type { Transaction } from '$lib/storage/port';
import type { Received } from '$lib/sync/receiving';
import { endedFor, isFurther, isOnItsWay } from './uniting';

/**
 * Of two contacts that have become one, one device may have let the one into an automation while another went on with the journey of the
 * other: neither saw both when the contacts were united. Where both journeys are on their way, the one that is further on stays.
 */
export async function endRivals(transaction: Transaction, received: readonly Received[], now: Instant): Promise<void> {
  const people = new Set<Id>();
  for (const { table, after } of received)
    if (table === 'enrolments' && after !== undefined && isOnItsWay(after as Enrolment))
      people.add((after as Enrolment).contactId);
  const merged = await transaction.query('contacts', { index: 'mergedInto', anyOf: [...people] });
  const changes: Change[] = [];
  for (const contactId of new Set(merged.flatMap(({ mergedInto }) => mergedInto ?? []))) {
    const all = await transaction.query('enrolments', { index: 'contactId', equals: contactId });
    const over = rivalsAmong(all.filter(isOnItsWay));
    if (over.length === 0) continue;
    const messages = await transaction.query('outbox', { index: 'contactId', equals: contactId });
    for (const one of over) changes.push(...endedFor(one, messages, now));
  }
  await transaction.apply(changes);
}

function rivalsAmong(all: readonly Enrolment[]): Enrolment[] {
  const over = new Set<Id>();
  for (const one of all) {
    if (!isOfAnother(one) || over.has(one.id)) continue;
    const rival = all.find(
      ({ id, automationId }) => id !== one.id && automationId === one.automationId && !over.has(id)
    );
    if (rival !== undefined) over.add(isFurther(one, rival) ? rival.id : one.id);
  }
  return all.filter(({ id }) => over.has(id));
}

/** By whom it was begun, its id says. */
function isOfAnother({ id, automationId, contactId }: Enrolment): boolean {
  return !id.startsWith(`${automationId}/${contactId}/`);
}
