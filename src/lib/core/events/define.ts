import type * as v from 'valibot';
import { valuesSchema, type Fields, type ValuesOf } from '../fields';
import type { Id } from '../ids';
import type { Instant } from '../instants';
import type { EventRow } from '../rows/events';

/** A kind of fact: its type and its properties, from which derive its schema, its filters and the form to type one in. */
export interface EventType<F extends Fields = Fields> {
  readonly type: string;
  readonly properties: F;
  readonly schema: v.GenericSchema<unknown, ValuesOf<F>>;
  /** The property that names the message: a wait after a send then means that very message of the journey. */
  readonly messageProperty?: keyof F & string;
}

/** Events whose properties a person may name freely (`custom.event`) keep the properties that `properties` does not list. */
export function defineEvent<F extends Fields>(
  type: string,
  properties: F,
  options: { messageProperty?: keyof F & string } = {}
): EventType<F> {
  return { type, properties, schema: valuesSchema(properties), ...options };
}

/** A new event row. `occurredAt` is clamped to `receivedAt`. */
export function newEvent<F extends Fields>(
  event: EventType<F>,
  facts: {
    id: Id;
    contactId: Id | null;
    occurredAt: Instant;
    receivedAt: Instant;
    properties: ValuesOf<F>;
    source: string;
    dedupeKey?: string;
  }
): EventRow {
  const row: EventRow = {
    id: facts.id,
    type: event.type,
    contactId: facts.contactId,
    occurredAt: Math.min(facts.occurredAt, facts.receivedAt),
    receivedAt: facts.receivedAt,
    properties: facts.properties,
    source: facts.source
  };
  if (facts.dedupeKey !== undefined) row.dedupeKey = facts.dedupeKey;
  return row;
}
