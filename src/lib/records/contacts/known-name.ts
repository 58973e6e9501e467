import type { Contact } from '$lib/core/rows/contacts';

/** What a contact is called: first and last name, or whatever it is known by. Empty where it is known by nothing. */
export function knownName(contact: Pick<Contact, 'attributes' | 'email' | 'phone' | 'externalId'>): string {
  const { FIRSTNAME, LASTNAME, NAME } = contact.attributes;
  const parts = [FIRSTNAME, LASTNAME].filter((part) => typeof part === 'string' && part !== '');
  if (parts.length > 0) return parts.join(' ');
  if (typeof NAME === 'string' && NAME !== '') return NAME;
  return contact.email ?? contact.phone ?? contact.externalId ?? '';
}
