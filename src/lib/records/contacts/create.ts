import type { Effect } from '$lib/core/definitions';
import { create, type Change } from '$lib/core/changes';
import { contactAddedToList, contactCreated } from '$lib/core/events/contacts';
import type { Id } from '$lib/core/ids';
import type { AttributeValue, Contact } from '$lib/core/rows/contacts';
import type { EventRow } from '$lib/core/rows/events';
import { causedEvent, type Cause } from './cause';
import type { ContactFields } from './contact-fields';
import { identitiesOf, identityKey } from './identity';

/**
 * A new contact with its identities, on these lists from the start. The transaction decides whether it is new: see `refuseTaken`; an
 * identity that is there after all is a conflict.
 */
export function createContact(
  fields: ContactFields,
  listIds: readonly Id[],
  given: Cause
): Effect & { readonly contact: Contact } {
  const { now, via, moved = false } = given;
  const { attributes: values, ...known } = fields;
  const attributes: Record<string, AttributeValue> = {};
  for (const attributeId in values) {
    const value = values[attributeId];
    if (value !== null && value !== undefined) attributes[attributeId] = value;
  }
  const contact: Contact = {
    id: given.newId(),
    ...known,
    attributes,
    listIds: [...new Set(listIds)],
    listedAt: Object.fromEntries(listIds.map((listId) => [listId, now])),
    createdAt: now,
    updatedAt: now
  };
  const changes: Change[] = [create('contacts', contact.id, contact)];
  for (const identity of identitiesOf(contact)) changes.push(create('identities', identityKey(identity), identity));
  const events: EventRow[] = [causedEvent(contactCreated, contact.id, { via }, given)];
  for (const listId of contact.listIds)
    events.push(causedEvent(contactAddedToList, contact.id, { listId, via, moved }, given));
  return { changes, events, contact };
}
