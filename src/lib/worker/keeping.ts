import { create, type Change } from '$lib/core/changes';
import type { EventRow } from '$lib/core/rows/events';
import type { Transaction } from '$lib/storage/port';
import { rollupChanges } from '$lib/storage/rollup-changes';

/** New events and the roll-ups that count them, as changes for one transaction. */
export async function keptEvents(transaction: Transaction, events: readonly EventRow[]): Promise<Change[]> {
  return [
    ...events.map((event): Change => create('events', event.id, ofNobody(event) ? { ...event, unmatched: 2 } : event)),
    ...(await rollupChanges(transaction, events))
  ];
}

function ofNobody({ contactId, unmatched }: EventRow): boolean {
  return contactId === null && unmatched === undefined;
}

/** Those whose contact is still there: who was found before a transaction began may have been erased since, and must not come back. */
export async function ofThosePresent(transaction: Transaction, events: readonly EventRow[]): Promise<EventRow[]> {
  const contacts = await transaction.getMany(
    'contacts',
    events.map(({ contactId }) => contactId ?? '')
  );
  return events.filter((_, at) => contacts[at] !== undefined);
}
