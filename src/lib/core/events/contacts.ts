import { choice, reference, text, yesNo } from '../fields';
import { defineEvent } from './define';

export const VIA = ['manual', 'import', 'form', 'automation', 'api'] as const;
export type Via = (typeof VIA)[number];

export const contactCreated = defineEvent('contact.created', { via: choice(VIA, 'manual') });

export const contactAddedToList = defineEvent('contact.added_to_list', {
  listId: reference('lists', { required: true }),
  via: choice(VIA, 'manual'),
  /** True when a move from another list caused it: a move lets nobody in. */
  moved: yesNo()
});

export const contactRemovedFromList = defineEvent('contact.removed_from_list', {
  listId: reference('lists', { required: true }),
  via: choice(VIA, 'manual'),
  moved: yesNo()
});

/** `automationId`: the one automation that the person chose to add the contact to. */
export const contactAddedManually = defineEvent('contact.added_manually', {
  automationId: reference('automations', { required: true }),
  addedBy: text()
});
