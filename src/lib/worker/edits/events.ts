import { EVENT_TYPES } from '$lib/core/events';
import { newEvent } from '$lib/core/events/define';
import { failed, ok } from '$lib/core/result';
import { words } from '$lib/core/words';
import * as v from 'valibot';
import type { WorkerApi } from '../api';
import type { Desk } from '../desk';

/** An event of this size is no fact about a contact but a file. */
const LARGEST_EVENT = 100_000;

export function eventEdits(desk: Desk): WorkerApi['events'] {
  return {
    record: ({ type, contactId, occurredAt, properties }) =>
      desk.tryEdit(async (transaction, { now, newId }) => {
        const eventType = EVENT_TYPES.get(type);
        if (!eventType) return failed(words('words.event.unknown_type', { type }));
        if (!(await transaction.get('contacts', contactId))) return failed(words('words.contact.gone'));
        const parsed = v.safeParse(eventType.schema, properties);
        if (!parsed.success)
          return failed(words('words.event.invalid', { property: v.getDotPath(parsed.issues[0]) ?? '' }));
        if (JSON.stringify(parsed.output).length > LARGEST_EVENT) return failed(words('words.event.too_large'));
        const facts = {
          id: newId(),
          contactId,
          occurredAt: occurredAt ?? now,
          receivedAt: now,
          properties: parsed.output,
          source: 'app'
        };
        const event = newEvent(eventType, facts);
        return ok({ effect: { changes: [], events: [event] }, value: event });
      })
  };
}
