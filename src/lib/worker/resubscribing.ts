import { update } from '$lib/core/changes';
import type { Effect } from '$lib/core/definitions';
import { newEvent } from '$lib/core/events/define';
import { emailBounced, emailComplained, emailResubscribed, emailUnsubscribed } from '$lib/core/events/emails';
import type { Given } from '$lib/core/ids';
import type { EventRow } from '$lib/core/rows/events';
import type { HandedIn } from '$lib/core/sources';
import type { Reader } from '$lib/storage/port';
import { leftOf } from './merged';

const NOTHING: Effect = { changes: [], events: [] };

/**
 * Somebody says that unsubscribing was a mistake, on the page on which they did it: campaigns reach them again if that very
 * unsubscription is what keeps them away, and they have neither left nor complained since. `given.now`: when they said so.
 */
export async function resubscribed(
  reader: Reader,
  { contactId: readerId, outboxId }: Extract<HandedIn, { page: 'resubscribe' }>,
  given: Given
): Promise<Effect> {
  const contactId = (await leftOf(reader, [readerId]))(readerId);
  const contact = contactId === undefined ? undefined : await reader.get('contacts', contactId);
  const { campaigns = false, unsubscriptionId } = contact?.blocklist ?? {};
  if (!contact || !campaigns || unsubscriptionId === undefined) return NOTHING;
  const unsubscription = await reader.get('events', unsubscriptionId);
  const isMeant = unsubscription?.dedupeKey?.startsWith(`pages:unsubscribe:${readerId}:${outboxId}:`) === true;
  if (!isMeant || (await hasLeftSince(reader, contact.id, given.now))) return NOTHING;
  const { messageId, emailName, tag, emailType } = unsubscription.properties as Record<string, string>;
  const event = newEvent(emailResubscribed, {
    id: given.newId(),
    contactId: contact.id,
    occurredAt: given.now,
    receivedAt: given.now,
    properties: { messageId: messageId ?? '', emailName: emailName ?? '', tag: tag ?? '', emailType: emailType ?? '' },
    source: 'app'
  });
  const blocklist = { ...contact.blocklist, campaigns: false, unsubscriptionId: undefined };
  return { changes: [update('contacts', contact.id, { blocklist, updatedAt: given.now })], events: [event] };
}

async function hasLeftSince(reader: Reader, contactId: string, at: number): Promise<boolean> {
  const range = { from: [contactId, at + 1], to: [contactId, Infinity] };
  return (await reader.query('events', { index: '[contactId+occurredAt]', ...range })).some(isLeaving);
}

function isLeaving({ type, properties }: EventRow): boolean {
  if (type === emailBounced.type) return properties['hard'] === true;
  return type === emailUnsubscribed.type || type === emailComplained.type;
}
