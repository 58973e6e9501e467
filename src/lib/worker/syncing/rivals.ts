import { update, type Change } from '$lib/core/changes';
import type { Reentry } from '$lib/core/graph';
import type { Id } from '$lib/core/ids';
import type { Instant } from '$lib/core/instants';
import type { Enrolment } from '$lib/core/rows/automations';
import type { OutboxRow } from '$lib/core/rows/messages';
import { words } from '$lib/core/words';
import { keyOf } from '$lib/engine/enrolments';
import { NEVER } from '$lib/engine/sending';
import type { Transaction } from '$lib/storage/port';
import { withoutContent } from '../content';
import { isInDoubt } from '../giving-up';
import type { Transact } from '../parts';
import { changeStanding, standingIn } from './standing-row';

const BATCH = 500;

const SAME_PERSON = 'words.sync.same_person';

/**
 * Of two contacts that have become one, one device may have let the one into an automation while another went on with the journey of the
 * other. Where both journeys are on their way, the one that is further on stays; where one of them is over, which would have kept the
 * person out, so is the other. Only whoever runs them knows how far they are.
 */
export async function endRivals(transaction: Transaction, people: readonly Id[], now: Instant): Promise<void> {
  const kept = await keptAmong(transaction, people);
  if (kept.length === 0) return;
  const { versions } = await transaction.view();
  const modeOf: ModeOf = ({ versionId }) => versions.get(versionId)?.settings.reentry.mode;
  const journeys = await transaction.query('enrolments', { index: 'contactId', anyOf: kept });
  const over = kept.flatMap((id) => rivalsAmong(journeys.filter(({ contactId }) => contactId === id), modeOf)); // prettier-ignore
  if (over.length === 0) return;
  const theirs = over.map(({ contactId }) => contactId);
  const messages = await transaction.query('outbox', { index: 'contactId', anyOf: [...new Set(theirs)] });
  await transaction.apply(over.flatMap((one) => endedFor(one, messages, now)));
}

/** Those of them that others were found to be. */
async function keptAmong(transaction: Transaction, people: readonly Id[]): Promise<Id[]> {
  if (people.length === 0) return [];
  const merged = await transaction.query('contacts', { index: 'mergedInto', anyOf: [...new Set(people)] });
  return [...new Set(merged.flatMap(({ mergedInto }) => mergedInto ?? []))];
}

/** Where another device runs them, whoever runs them here one day has to look. */
export async function noteRivals(transaction: Transaction, people: readonly Id[]): Promise<void> {
  const { hasRivals } = await standingIn(transaction);
  if (hasRivals === true || (await keptAmong(transaction, people)).length === 0) return;
  await changeStanding(transaction, { hasRivals: true });
}

/** The same for everybody, once: what a device had taken in before the right to run them was its own. */
export async function endAllRivals(transact: Transact, now: Instant): Promise<void> {
  const kept = await transact(async (transaction): Promise<Id[]> => {
    const standing = await transaction.get('runtime', 'sync');
    if (standing?.id !== 'sync' || standing.hasRivals !== true) return [];
    const merged = await transaction.query('contacts', { index: 'mergedInto', from: '', to: '\uffff' });
    return [...new Set(merged.flatMap(({ mergedInto }) => mergedInto ?? []))];
  });
  if (kept.length === 0) return;
  for (let at = 0; at < kept.length; at += BATCH)
    await transact((transaction) => endRivals(transaction, kept.slice(at, at + BATCH), now));
  await transact((transaction) => changeStanding(transaction, { hasRivals: undefined }));
}

type ModeOf = (enrolment: Enrolment) => Reentry['mode'] | undefined;

function rivalsAmong(all: readonly Enrolment[], modeOf: ModeOf): Enrolment[] {
  const over = new Set<Id>();
  for (const one of all.filter(isOnItsWay)) {
    for (const other of all) {
      if (over.has(one.id)) break;
      if (over.has(other.id) || !areRivals(one, other)) continue;
      if (isOnItsWay(other)) over.add(isFurther(one, other) ? other.id : one.id);
      else if (keepsOut(other, one, modeOf(other))) over.add(one.id);
    }
  }
  return all.filter(({ id }) => over.has(id));
}

/** Journeys under one key (under several, as of several orders, they go on beside each other) of two contacts that are one person by now. */
function areRivals(one: Enrolment, other: Enrolment): boolean {
  if (one.id === other.id || one.automationId !== other.automationId || keyOf(one) !== keyOf(other)) return false;
  return isOfAnother(one) || isOfAnother(other);
}

/** Whether nobody who has been through a journey that is over could have begun this one. */
function keepsOut({ endedAt, reason }: Enrolment, one: Enrolment, mode: Reentry['mode'] | undefined): boolean {
  if (reason?.key === SAME_PERSON || endedAt === undefined) return false;
  return mode !== 'after_leaving' || one.enteredAt < endedAt;
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
    reason: words(SAME_PERSON),
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
    reason: words(SAME_PERSON)
  };
}
