import type { Effect } from '$lib/core/definitions';
import { EVENT_TYPES } from '$lib/core/events';
import { contactAddedToList, contactRemovedFromList } from '$lib/core/events/contacts';
import { initialValues } from '$lib/core/fields';
import type { Given } from '$lib/core/ids';
import type { Contact } from '$lib/core/rows/contacts';
import type { EventRow } from '$lib/core/rows/events';
import type { OutboxRow } from '$lib/core/rows/messages';
import { addToList, removeFromList } from '$lib/records/contacts/membership';
import type { Transaction } from '$lib/storage/port';
import { consequences } from '../consequences';
import type { Planned } from './agenda';

/** Deeds that were done, with the properties that they had, and what they change; an answer to no message is not done. */
export interface Done {
  readonly effect: Effect;
  readonly done: readonly Planned[];
}

/** What contacts do at one instant, as the app would take it in: a list is really joined, an unsubscription is on the blocklist. */
export async function carriedOut(transaction: Transaction, deeds: readonly Planned[], given: Given): Promise<Done> {
  const contacts = await contactsOf(transaction, deeds);
  const messages = await messagesOf(transaction, deeds);
  const changes: Effect['changes'][number][] = [];
  const events: EventRow[] = [];
  const facts: EventRow[] = [];
  const done: Planned[] = [];
  for (const [at, deed] of deeds.entries()) {
    const contact = contacts.get(deed.contactId);
    if (!contact) continue;
    const membership = membershipEffect(contact, deed, given);
    if (membership) {
      changes.push(...membership.changes);
      events.push(...membership.events);
      done.push(deed);
      continue;
    }
    const properties = propertiesOf(deed, messages[at]);
    if (properties === null) continue;
    const fact = factOf(deed, properties, given);
    facts.push(fact);
    events.push(fact);
    done.push({ ...deed, properties });
  }
  changes.push(...(await consequences(transaction, facts, given.now)));
  return { effect: { changes, events }, done };
}

async function contactsOf(transaction: Transaction, deeds: readonly Planned[]): Promise<Map<string, Contact>> {
  const rows = await transaction.getMany(
    'contacts',
    deeds.map(({ contactId }) => contactId)
  );
  return new Map(rows.flatMap((row) => (row ? [[row.id, row] as const] : [])));
}

/** The message that each deed answers: the one it names, else the last one that the contact got on that channel. */
async function messagesOf(
  transaction: Transaction,
  deeds: readonly Planned[]
): Promise<(OutboxRow | null | undefined)[]> {
  const needy = deeds.filter((deed) => asksForMessage(deed));
  const ids = [...new Set(needy.flatMap(({ message }) => message ?? []))];
  const named = new Map((await transaction.getMany('outbox', ids)).map((row) => [row?.id, row]));
  const others = [...new Set(needy.flatMap(({ message, contactId }) => (message === undefined ? contactId : [])))];
  const rows = others.length === 0 ? [] : await transaction.query('outbox', { index: 'contactId', anyOf: others });
  return deeds.map((deed) => {
    if (!asksForMessage(deed)) return undefined;
    if (deed.message !== undefined) return named.get(deed.message) ?? null;
    const sent = rows.filter(
      ({ contactId, status, request }) =>
        contactId === deed.contactId && status === 'sent' && request.channel === channelOf(deed.type)
    );
    return sent.sort((one, other) => (other.sentAt ?? 0) - (one.sentAt ?? 0))[0] ?? null;
  });
}

/** Events of messages are named after their channel. */
function channelOf(type: string): string {
  return type.slice(0, type.indexOf('.'));
}

function asksForMessage({ type, properties }: Planned): boolean {
  const property = EVENT_TYPES.get(type)?.messageProperty;
  return property !== undefined && (properties[property] === undefined || properties[property] === '');
}

/** Null: it answers a message, and there is none. */
function propertiesOf(deed: Planned, message: OutboxRow | null | undefined): Record<string, unknown> | null {
  if (message === null) return null;
  const type = EVENT_TYPES.get(deed.type);
  const known: Record<string, unknown> = type ? initialValues(type.properties) : {};
  if (message)
    for (const [name, value] of Object.entries(messageFacts(message))) if (name in known) known[name] = value;
  const given = Object.entries(deed.properties).filter(
    ([name, value]) => !(message && name in messageFacts(message) && value === '')
  );
  return { ...known, ...Object.fromEntries(given) };
}

/** What events of a message say of it. */
function messageFacts({ messageId = '', request }: OutboxRow): Record<string, unknown> {
  switch (request.channel) {
    case 'email':
      return { messageId, emailName: request.emailName, emailType: request.kind, tag: request.tag ?? '' };
    case 'sms':
      return { messageId, smsName: request.smsName, tag: request.tag ?? '' };
    default:
      return { messageId };
  }
}

/** Joining and leaving a list are changes of the contact, which cause the event. */
function membershipEffect(contact: Contact, deed: Planned, given: Given): Effect | null {
  const { listId } = deed.properties;
  if (deed.eventId !== undefined || typeof listId !== 'string') return null;
  if (deed.type === contactAddedToList.type) return addToList(contact, listId, { ...given, via: 'manual' });
  if (deed.type === contactRemovedFromList.type) return removeFromList(contact, listId, { ...given, via: 'manual' });
  return null;
}

function factOf(deed: Planned, properties: Record<string, unknown>, { now, newId }: Given): EventRow {
  const { contactId, type, eventId } = deed;
  const base = { type, contactId, occurredAt: now, receivedAt: now, properties, source: 'app' };
  // What happened once has had its consequences: the contact is as it is today.
  return eventId === undefined ? { ...base, id: newId() } : { ...base, id: newId(), replayOf: eventId };
}
