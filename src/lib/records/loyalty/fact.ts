import type { Effect } from '$lib/core/definitions';
import { newEvent, type EventType } from '$lib/core/events/define';
import type { Fields, ValuesOf } from '$lib/core/fields';
import type { Given, Id } from '$lib/core/ids';
import type { Instant } from '$lib/core/instants';
import type { EventRow } from '$lib/core/rows/events';

/** The clock, the ids, and the time zone in which days and years are counted (the workspace's). */
export type LoyaltyGiven = Given & { readonly timeZone: string };

export const NOTHING: Effect = { changes: [], events: [] };

/** An event of a loyalty programme. What was due while the app was closed occurred when it was due. */
export function fact<F extends Fields>(
  event: EventType<F>,
  contactId: Id,
  properties: ValuesOf<F>,
  { now, newId }: Given,
  occurredAt: Instant = now
): EventRow {
  return newEvent(event, { id: newId(), contactId, occurredAt, receivedAt: now, properties, source: 'app' });
}
