import { applyChange, create, remove, update, type Change, type ChangeOf } from '$lib/core/changes';
import { emailBounced, emailComplained, emailUnsubscribed } from '$lib/core/events/emails';
import { pushSubscribed, pushUnsubscribed } from '$lib/core/events/push';
import { smsUnsubscribed } from '$lib/core/events/sms';
import type { Instant } from '$lib/core/instants';
import type { Contact, Identity } from '$lib/core/rows/contacts';
import type { EventRow } from '$lib/core/rows/events';
import { block, type Blocked } from './consent';
import { identityKey } from './identity';

/** The contacts and the push subscriptions (by the provider's id) that have to be known before. */
export interface Concerned {
  readonly contactIds: readonly string[];
  readonly subscriptionIds: readonly string[];
}

export function concernedBy(events: readonly EventRow[]): Concerned {
  const contactIds = new Set<string>();
  const subscriptionIds = new Set<string>();
  for (const event of events) {
    if (event.contactId !== null && blockedBy(event) !== null) contactIds.add(event.contactId);
    const subscriptionId = subscriptionOf(event);
    if (subscriptionId !== null) subscriptionIds.add(subscriptionId);
  }
  return { contactIds: [...contactIds], subscriptionIds: [...subscriptionIds] };
}

/**
 * What facts change about the contact, wherever they come from: an unsubscription is on the blocklist, and a push subscription among
 * the contact's identities, before any automation hears of it. A replayed fact changes nothing: it has done so already.
 */
export function consequencesOf(
  events: readonly EventRow[],
  known: { readonly contacts: readonly Contact[]; readonly subscriptions: readonly Identity[] },
  now: Instant
): Change[] {
  const contacts = new Map(known.contacts.map((contact) => [contact.id, contact]));
  const owners = new Map(known.subscriptions.map(({ value, contactId }) => [value, contactId]));
  return events.flatMap((event) => {
    if (event.contactId === null || event.replayOf !== undefined) return [];
    const blocked = blockedBy(event);
    const contact = contacts.get(event.contactId);
    if (blocked !== null && contact) {
      const changes = block(contact, blocked, now);
      for (const change of changes)
        contacts.set(contact.id, applyChange(contact, change as ChangeOf<'contacts'>) ?? contact);
      return changes;
    }
    return subscriptionChanges(event, event.contactId, owners);
  });
}

function blockedBy({ id, type, properties }: EventRow): Blocked | null {
  switch (type) {
    case emailUnsubscribed.type:
      return { campaigns: true, unsubscriptionId: id };
    case emailComplained.type:
      return { campaigns: true };
    case emailBounced.type:
      return properties.hard === true ? { campaigns: true } : null;
    case smsUnsubscribed.type:
      return { sms: true };
    default:
      return null;
  }
}

function subscriptionOf({ type, properties }: EventRow): string | null {
  if (type !== pushSubscribed.type && type !== pushUnsubscribed.type) return null;
  const { subscriptionId } = properties;
  return typeof subscriptionId === 'string' && subscriptionId !== '' ? subscriptionId : null;
}

/** A device that somebody else had is now this contact's; what another contact has by now is not taken from them. */
function subscriptionChanges(event: EventRow, contactId: string, owners: Map<string, string>): Change[] {
  const value = subscriptionOf(event);
  if (value === null) return [];
  const owner = owners.get(value);
  const key = identityKey({ kind: 'push', value });
  if (event.type === pushUnsubscribed.type) {
    if (owner !== contactId) return [];
    owners.delete(value);
    return [remove('identities', key)];
  }
  owners.set(value, contactId);
  if (owner === undefined) return [create('identities', key, { kind: 'push', value, contactId })];
  return owner === contactId ? [] : [update('identities', key, { contactId })];
}
