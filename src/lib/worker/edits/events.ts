import { newEvent } from '$lib/core/events/define';
import { isInstant } from '$lib/core/instants';
import { failed, ok } from '$lib/core/result';
import type { EventRow } from '$lib/core/rows/events';
import { words } from '$lib/core/words';
import { readEvent } from '$lib/records/events/read-event';
import type { WorkerApi } from '../api';
import { consequences } from '../consequences';
import type { Desk } from '../desk';
import { importEvents } from '../event-imports';

export function eventEdits(desk: Desk): WorkerApi['events'] {
  return {
    record: ({ type, contactId, occurredAt, properties }) =>
      desk.tryEdit(async (transaction, { now, newId }) => {
        const read = readEvent(type, properties);
        if (!read.ok) return read;
        if (occurredAt !== undefined && !isInstant(occurredAt))
          return failed(words('words.event.not_an_instant', { value: String(occurredAt) }));
        if (!(await transaction.get('contacts', contactId))) return failed(words('words.contact.gone'));
        const event = newEvent(read.value.eventType, {
          id: newId(),
          contactId,
          occurredAt: occurredAt ?? now,
          receivedAt: now,
          properties: read.value.properties,
          source: 'app'
        });
        const changes = await consequences(transaction, [event], now);
        return ok({ effect: { changes, events: [event] }, value: event });
      }),
    replay: (ids) =>
      desk.edit(async (transaction, { now, newId }) => {
        const found = await transaction.getMany('events', ids);
        const events = found.flatMap((event): EventRow[] => {
          if (event === undefined || event.contactId === null) return [];
          const { id: replayOf, dedupeKey: _key, unmatched: _mark, ...fact } = event;
          return [{ ...fact, id: newId(), occurredAt: now, receivedAt: now, source: 'app', replayOf }];
        });
        return { effect: { changes: [], events }, value: events.length };
      }),
    importFile: (file, plan, onProgress) => importEvents(desk, file, plan, onProgress)
  };
}
