import type { Via } from '$lib/core/events/contacts';
import { newEvent, type EventType } from '$lib/core/events/define';
import type { Fields, ValuesOf } from '$lib/core/fields';
import type { Given, Id } from '$lib/core/ids';
import type { Effect } from '$lib/core/definitions';
import type { EventRow } from '$lib/core/rows/events';

/** Who or what changes a contact, with the clock and the ids. `moved`: part of a move from one list to another. */
export type Cause = Given & { readonly via: Via; readonly moved?: boolean };

export const NOTHING: Effect = { changes: [], events: [] };

const SOURCES: Readonly<Record<Via, string>> = {
  manual: 'app',
  form: 'app',
  api: 'app',
  import: 'import',
  automation: 'automation'
};

/** An event that a change of ours causes: it occurs now. */
export function causedEvent<F extends Fields>(
  event: EventType<F>,
  contactId: Id,
  properties: ValuesOf<F>,
  given: Cause
): EventRow {
  return newEvent(event, {
    id: given.newId(),
    contactId,
    occurredAt: given.now,
    receivedAt: given.now,
    properties,
    source: SOURCES[given.via]
  });
}

/** Several effects as one, in their order. */
export function together(...effects: readonly Effect[]): Effect {
  return {
    changes: effects.flatMap((effect) => effect.changes),
    events: effects.flatMap((effect) => effect.events)
  };
}
