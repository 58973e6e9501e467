import type { Change } from '$lib/core/changes';
import { EVENT_TYPES } from '$lib/core/events';
import type { IncomingFact, KnownPerson } from '$lib/core/sources';
import type { Given } from '$lib/core/ids';
import type { Contact } from '$lib/core/rows/contacts';
import type { EventRow } from '$lib/core/rows/events';
import type { OutboxRow } from '$lib/core/rows/messages';
import type { Reader, Transaction } from '$lib/storage/port';
import { keptEvents } from './keeping';
import { leftOf } from './merged';
import { reachedPeople, type Reached } from './reachable';
import { adoptPast, visitorsOf, type Visitors } from './visitors';

/** What facts from outside are here, to be accepted along with `changes`. */
export interface TakenIn {
  readonly events: readonly EventRow[];
  readonly changes: readonly Change[];
  /** Contacts that `changes` makes. */
  readonly made: readonly Contact[];
  /** Kept before of visitors who are known now, marked to be matched. */
  readonly kept: readonly EventRow[];
}

/**
 * The facts without what is known already, and without what concerns nobody here. `sourceId`: where they were read. What starts nothing
 * is kept at once, and so is whose it is now what visitors did before.
 */
export async function takenIn(
  transaction: Transaction,
  facts: readonly IncomingFact[],
  sourceId: string,
  given: Given
): Promise<TakenIn> {
  const { now, newId } = given;
  const fresh = await unknownFacts(transaction, facts);
  const visitors = await visitorsOf(transaction, fresh, given);
  const reached = await reachedPeople(transaction, fresh, visitors.made, given);
  const ownerOf = await ownersOf(transaction, fresh, visitors, reached);
  const events: EventRow[] = [...visitors.events, ...reached.events];
  const past: EventRow[] = [];
  for (const fact of fresh) {
    const owner = ownerOf(fact);
    if (!owner) continue;
    const { type, occurredAt, dedupeKey, properties } = fact;
    (visitors.isPast(fact) ? past : events).push({
      id: newId(),
      type,
      contactId: owner.contactId,
      occurredAt: Math.min(occurredAt, now),
      receivedAt: now,
      properties: { ...properties, ...saidBy(type, owner.message) },
      source: sourceId,
      dedupeKey
    });
  }
  if (past.length > 0) await transaction.apply(await keptEvents(transaction, past));
  const kept = await adoptPast(transaction, visitors.known);
  return {
    events,
    changes: [...visitors.changes, ...reached.changes],
    made: [...visitors.made, ...reached.made],
    kept
  };
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
  facts: readonly IncomingFact[],
  visitors: Visitors,
  reached: Reached
): Promise<(fact: IncomingFact) => Owner | undefined> {
  const messageIds = new Set(facts.flatMap(({ person }) => ('messageId' in person ? person.messageId : [])));
  const knownOwner = await knownOwners(
    reader,
    facts.flatMap(({ person }) => ('outboxId' in person ? person : []))
  );
  const rows =
    messageIds.size === 0 ? [] : await reader.query('outbox', { index: 'messageId', anyOf: [...messageIds] });
  const byMessage = new Map<string | undefined, Owner | null>();
  for (const row of rows) {
    // Whose address is not confirmed yet is nobody here.
    if (row.contactId === row.optInId) continue;
    const other = byMessage.get(row.messageId);
    // What went to several people under one id, as a push campaign's notification may, tells of none of them.
    const isOfSeveral = other === null || (other !== undefined && other.contactId !== row.contactId);
    byMessage.set(row.messageId, isOfSeveral ? null : { contactId: row.contactId, message: messageFacts(row) });
  }
  return (fact) => {
    const { person } = fact;
    if ('messageId' in person) return byMessage.get(person.messageId) ?? undefined;
    if ('outboxId' in person) return knownOwner(person);
    if ('visitor' in person) return { contactId: visitors.ownerOf(fact) ?? null, message: {} };
    return { contactId: reached.ownerOf(person), message: {} };
  };
}

/** Of the readers of messages that may be gone. A contact that is gone is nobody. */
async function knownOwners(
  reader: Reader,
  people: readonly KnownPerson[]
): Promise<(person: KnownPerson) => Owner | undefined> {
  if (people.length === 0) return () => undefined;
  const left = await leftOf(
    reader,
    people.map(({ contactId }) => contactId)
  );
  const rows = await reader.getMany(
    'outbox',
    people.map(({ outboxId }) => outboxId)
  );
  const messages = new Map(
    rows.flatMap((row) => (row ? [[row.id, { ...messageFacts(row), messageId: row.messageId ?? '' }]] : []))
  );
  return ({ contactId, outboxId }) => {
    const owner = left(contactId);
    return owner === undefined ? undefined : { contactId: owner, message: messages.get(outboxId) ?? {} };
  };
}

function messageFacts({ request }: OutboxRow): Record<string, unknown> {
  switch (request.channel) {
    case 'email':
      return { emailName: request.emailName, emailType: request.kind, tag: request.tag ?? '' };
    case 'sms':
      return { smsName: request.smsName, tag: request.tag ?? '' };
    case 'push':
      return { pushName: request.pushName };
    default:
      return {};
  }
}

/** What events of this type can say: that a device unsubscribed is told of a message, and is nothing of the message. */
function saidBy(type: string, facts: Record<string, unknown>): Record<string, unknown> {
  const properties = EVENT_TYPES.get(type)?.properties ?? {};
  return Object.fromEntries(Object.entries(facts).filter(([name]) => name in properties));
}
