import type { Effect } from '$lib/core/definitions';
import { contactAddedToList, contactRemovedFromList } from '$lib/core/events/contacts';
import type { Id } from '$lib/core/ids';
import type { Contact } from '$lib/core/rows/contacts';
import { causedEvent, NOTHING, together, type Cause } from './cause';

/** The contact is on the list from now on. Causes nothing where it is on it already. */
export function addToList(contact: Contact, listId: Id, given: Cause): Effect {
  if (contact.listIds.includes(listId)) return NOTHING;
  return {
    changes: [
      {
        table: 'contacts',
        id: contact.id,
        set: { [`listedAt.${listId}`]: given.now, updatedAt: given.now },
        addToSet: { listIds: [listId] }
      }
    ],
    events: [
      causedEvent(contactAddedToList, contact.id, { listId, via: given.via, moved: given.moved ?? false }, given)
    ]
  };
}

/** The contact leaves the list. Causes nothing where it is not on it. */
export function removeFromList(contact: Contact, listId: Id, given: Cause): Effect {
  if (!contact.listIds.includes(listId)) return NOTHING;
  return {
    changes: [
      {
        table: 'contacts',
        id: contact.id,
        set: { [`listedAt.${listId}`]: undefined, updatedAt: given.now },
        removeFromSet: { listIds: [listId] }
      }
    ],
    events: [
      causedEvent(contactRemovedFromList, contact.id, { listId, via: given.via, moved: given.moved ?? false }, given)
    ]
  };
}

/** From one list to another: both events say that it was a move. Causes nothing where the contact is not on the first. */
export function moveToList(contact: Contact, from: Id, to: Id, given: Cause): Effect {
  if (from === to || !contact.listIds.includes(from)) return NOTHING;
  const moving = { ...given, moved: true };
  return together(removeFromList(contact, from, moving), addToList(contact, to, moving));
}
