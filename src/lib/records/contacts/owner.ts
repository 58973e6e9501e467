import { update } from '$lib/core/changes';
import type { Effect } from '$lib/core/definitions';
import type { Id } from '$lib/core/ids';
import type { Instant } from '$lib/core/instants';
import type { Contact } from '$lib/core/rows/contacts';
import { NOTHING } from './cause';

/** Who of the team looks after the contact; null: nobody. */
export function setOwner(contact: Contact, ownerId: Id | null, now: Instant): Effect {
  return setReference(contact, 'ownerId', ownerId, now);
}

/** The company that the contact is with; null: none. */
export function setCompany(contact: Contact, companyId: Id | null, now: Instant): Effect {
  return setReference(contact, 'companyId', companyId, now);
}

function setReference(contact: Contact, property: 'ownerId' | 'companyId', id: Id | null, now: Instant): Effect {
  const next = id ?? undefined;
  if (contact[property] === next) return NOTHING;
  return { changes: [update('contacts', contact.id, { [property]: next, updatedAt: now })], events: [] };
}
