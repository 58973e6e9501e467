import { update, type Change } from '$lib/core/changes';
import type { Id } from '$lib/core/ids';
import type { Instant } from '$lib/core/instants';
import type { Enrolment } from '$lib/core/rows/automations';
import type { OutboxRow } from '$lib/core/rows/messages';
import { words } from '$lib/core/words';
import { NEVER } from '$lib/engine/sending';
import type { Transaction } from '$lib/storage/port';
import { withoutContent } from '../content';
import { isInDoubt } from '../giving-up';

/**
 * Of two contacts that have become one, one device may have let the one into an automation while another went on with the journey of the
 * other. Where both journeys are on their way, the one that is further on stays. Only whoever runs them knows how far that is.
 */
export async function endRivals(transaction: Transaction, people: readonly Id[], now: Instant): Promise<void> {
  const merged = await transaction.query('contacts', { index: 'mergedInto', anyOf: people });
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

/** The same for everybody: what a device had taken in before the right to run them was its own. */
export async function endAllRivals(transaction: Transaction, now: Instant): Promise<void> {
  const merged = await transaction.query('contacts', { index: 'mergedInto', from: '', to: '\uffff' });
  await endRivals(transaction, [...new Set(merged.flatMap(({ mergedInto }) => mergedInto ?? []))], now);
}

function rivalsAmong(all: readonly Enrolment[]): Enrolment[] {
  const over = new Set<Id>();
  for (const one of all) {
    if (!isOfAnother(one) || over.has(one.id)) continue;
    const rival = all.find(
      (other) =>
        other.id !== one.id &&
        !over.has(other.id) &&
        other.automationId === one.automationId &&
        keyOf(other) === keyOf(one)
    );
    if (rival !== undefined) over.add(isFurther(one, rival) ? rival.id : one.id);
  }
  return all.filter(({ id }) => over.has(id));
}

/** Journeys under several keys, as of several orders, go on beside each other (`enrolmentId`). */
function keyOf({ id }: Enrolment): string | undefined {
  return id.split('/').at(-2);
}

/** By whom it was begun, its id says. */
function isOfAnother({ id, automationId, contactId }: Enrolment): boolean {
  return !id.startsWith(`${automationId}/${contactId}/`);
}

export function isOnItsWay({ status }: Enrolment): boolean {
  return status === 'active' || status === 'waiting';
}

export function isFurther(one: Enrolment, other: Enrolment): boolean {
  const steps = ({ visits }: Enrolment): number => Object.values(visits).reduce((sum, times) => sum + times, 0);
  if (steps(one) !== steps(other)) return steps(one) > steps(other);
  return one.enteredAt < other.enteredAt || (one.enteredAt === other.enteredAt && one.id < other.id);
}

/** A journey that is over since another of the same person goes on. What it has made and not sent yet does not leave. */
function endedFor({ id }: Enrolment, messages: readonly OutboxRow[], now: Instant): Change[] {
  const waiting = messages.filter(({ enrolmentId, status }) => enrolmentId === id && status === 'queued');
  return [update('enrolments', id, ended(now)), ...waiting.map(notSent)];
}

function notSent(row: OutboxRow): Change {
  // Whether an earlier try has arrived is for its user to say.
  if (isInDoubt(row))
    return update('outbox', row.id, { status: 'uncertain', reason: words('words.outbox.cut_off'), dueAt: NEVER });
  return update('outbox', row.id, {
    status: 'cancelled',
    reason: words('words.sync.same_person'),
    ...withoutContent(row)
  });
}

function ended(now: Instant): Readonly<Record<string, unknown>> {
  return {
    status: 'exited',
    stepId: null,
    dueAt: undefined,
    held: undefined,
    wait: undefined,
    wakes: undefined,
    endedAt: now,
    reason: words('words.sync.same_person')
  };
}
