import type { IncomingFact } from '$lib/core/sources';
import type { Given } from '$lib/core/ids';
import type { EventRow } from '$lib/core/rows/events';
import type { OutboxRow } from '$lib/core/rows/messages';
import type { Reader } from '$lib/storage/port';
import { reachedContacts } from './reachable';

/**
 * The events that facts from outside are here: without what is known already, and without what concerns nobody here. `sourceId`: where
 * they were read.
 */
export async function eventsOf(
  reader: Reader,
  facts: readonly IncomingFact[],
  sourceId: string,
  { now, newId }: Given
): Promise<EventRow[]> {
  const fresh = await unknownFacts(reader, facts);
  const ownerOf = await ownersOf(reader, fresh);
  return fresh.flatMap((fact): EventRow[] => {
    const owner = ownerOf(fact);
    if (!owner) return [];
    const { type, occurredAt, dedupeKey, properties } = fact;
    const event: EventRow = {
      id: newId(),
      type,
      contactId: owner.contactId,
      occurredAt: Math.min(occurredAt, now),
      receivedAt: now,
      properties: { ...properties, ...owner.message },
      source: sourceId,
      dedupeKey
    };
    return [event];
  });
}

async function unknownFacts(reader: Reader, facts: readonly IncomingFact[]): Promise<IncomingFact[]> {
  const keys = [...new Set(facts.map(({ dedupeKey }) => dedupeKey))];
  if (keys.length === 0) return [];
  const known = new Set(
    (await reader.query('events', { index: 'dedupeKey', anyOf: keys })).map(({ dedupeKey }) => dedupeKey)
  );
  return facts.filter(({ dedupeKey }) => !known.has(dedupeKey) && known.add(dedupeKey));
}

/** A contact, and what the message that the fact speaks of was. */
interface Owner {
  readonly contactId: string | null;
  readonly message: Record<string, unknown>;
}

/**
 * Whose facts they are. A message that this app did not send concerns nobody here (undefined); an address or number that nobody has
 * is kept without a contact, so that nothing is lost.
 */
async function ownersOf(
  reader: Reader,
  facts: readonly IncomingFact[]
): Promise<(fact: IncomingFact) => Owner | undefined> {
  const messageIds = new Set(facts.flatMap(({ person }) => ('messageId' in person ? person.messageId : [])));
  const rows =
    messageIds.size === 0 ? [] : await reader.query('outbox', { index: 'messageId', anyOf: [...messageIds] });
  const reached = await reachedContacts(
    reader,
    facts.flatMap(({ person }) => ('messageId' in person ? [] : person))
  );
  const byMessage = new Map(
    rows.map((row) => [row.messageId, { contactId: row.contactId, message: messageFacts(row) }])
  );
  return ({ person }) =>
    'messageId' in person ? byMessage.get(person.messageId) : { contactId: reached(person), message: {} };
}

function messageFacts({ request }: OutboxRow): Record<string, unknown> {
  switch (request.channel) {
    case 'email':
      return { emailName: request.emailName, emailType: request.kind, tag: request.tag ?? '' };
    case 'sms':
      return { smsName: request.smsName, tag: request.tag ?? '' };
    default:
      return {};
  }
}
