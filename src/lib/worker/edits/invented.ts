import type { Contact } from '$lib/core/rows/contacts';

/** Who a preview is for while nobody is chosen. */
export function inventedContact(now: number): Contact {
  return {
    id: '',
    email: 'lea@exemple.fr',
    attributes: { FIRSTNAME: 'Léa', LASTNAME: 'Martin' },
    listIds: [],
    listedAt: {},
    createdAt: now,
    updatedAt: now
  };
}
