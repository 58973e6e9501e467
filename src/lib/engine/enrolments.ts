import { addDuration } from '$lib/core/calendar';
import type { Reentry } from '$lib/core/graph';
import type { Id } from '$lib/core/ids';
import { MINUTE, type Instant } from '$lib/core/instants';
import type { Enrolment, EventFact, Version } from '$lib/core/rows/automations';
import type { Contact } from '$lib/core/rows/contacts';
import type { EventRow } from '$lib/core/rows/events';

/**
 * The id of a journey: a function of who, through what, under which re-entry key and for which time. Inserting it decides; two
 * devices agree. Occurrences sort as numbers.
 */
export function enrolmentId(automationId: Id, contactId: Id, key: string, occurrence: number): Id {
  return `${enrolmentPrefix(automationId, contactId, key)}${String(occurrence).padStart(6, '0')}`;
}

/** What the ids of all journeys of one contact through one automation under one key begin with. */
export function enrolmentPrefix(automationId: Id, contactId: Id, key: string): string {
  return `${automationId}/${contactId}/${encodeURIComponent(key)}/`;
}

/** The re-entry key of an event: empty unless several journeys at once are told apart by a property. */
export function reentryKey(reentry: Reentry, event: Pick<EventRow, 'properties'>): string {
  if (reentry.mode !== 'parallel') return '';
  const value = event.properties[reentry.keyProperty];
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

/** The re-entry key of a journey, as its id has it. */
export function keyOf({ id }: Pick<Enrolment, 'id'>): string {
  return id.split('/').at(-2) ?? '';
}

/** What the id of a journey would begin with, had whoever it is of now begun it: two contacts may have become one. */
export function prefixAs({
  id,
  automationId,
  contactId
}: Pick<Enrolment, 'id' | 'automationId' | 'contactId'>): string {
  return `${automationId}/${contactId}/${keyOf({ id })}/`;
}

/** Of the journeys of one person through one automation under one key, the one that decides: it goes on, or was left last. */
export function decisive(journeys: readonly Enrolment[]): Enrolment | undefined {
  const left = ({ endedAt = Infinity }: Enrolment): Instant => endedAt;
  return journeys.reduce<Enrolment | undefined>(
    (one, other) => (one === undefined || left(other) >= left(one) ? other : one),
    undefined
  );
}

/**
 * Which occurrence a contact would enter as, given its journeys under the key (of its own the latest is enough); null when it may not.
 * `once` and `parallel` know one occurrence only; `after_leaving` counts on when the last one has ended, and its pause is over.
 */
export function nextOccurrence(
  reentry: Reentry,
  journeys: readonly Enrolment[],
  now: Instant,
  timeZone: string
): number | null {
  const latest = decisive(journeys);
  if (latest === undefined) return 0;
  if (reentry.mode !== 'after_leaving' || latest.endedAt === undefined) return null;
  const pauseOver = reentry.pause ? addDuration(latest.endedAt, reentry.pause, timeZone) : latest.endedAt;
  return now >= pauseOver ? Math.max(...journeys.map(({ id }) => Number(id.slice(id.lastIndexOf('/') + 1)))) + 1 : null;
}

/** So often in a row an automation may let the same contact in again, or begin anew for it: what goes on after that would never end by itself. */
export const MOST_LAPS = 20;

/**
 * How often in a row the contact would have come in again, or have begun anew, within a minute because of what automations did. Each lap
 * may hold a send, so that no single instant, and no single journey, would tell that it goes round and round.
 */
export function lapOf(latest: Enrolment | undefined, { source }: Pick<EventRow, 'source'>, now: Instant): number {
  if (source !== 'automation' || latest === undefined) return 0;
  // The event of a journey that has begun anew is the one that made it do so.
  const begun = Math.max(latest.enteredAt, latest.event.occurredAt);
  if (now - begun >= MINUTE) return 0;
  // What goes round within one instant is another matter: the turn cuts it off.
  return (latest.lap ?? 0) + (now > begun ? 1 : 0);
}

/** A new journey, before its first step. It counts from the event that let the contact in. */
export function newEnrolment(
  id: Id,
  version: Version,
  contact: Contact,
  event: EventRow,
  { now, lap }: { now: Instant; lap: number }
): Enrolment {
  return {
    id,
    automationId: version.automationId,
    versionId: version.id,
    contactId: contact.id,
    status: 'active',
    stepId: null,
    visits: {},
    enteredAt: now,
    since: now,
    event: factOf(event),
    sends: [],
    seed: seedOf(id),
    entries: [],
    seq: 0,
    moves: 0,
    ...(lap === 0 ? {} : { lap })
  };
}

export function factOf({ id, type, occurredAt, properties }: EventRow): EventFact {
  return { id, type, occurredAt, properties };
}

/** 32 bits by FNV-1a: random decisions of a journey follow from its id, so that a replay and another device decide alike. */
export function seedOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return hash >>> 0;
}
