import { choice, instant, number, reference, text, yesNo } from '../fields';
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

/** Written by the daily check of one automation's trigger, or waiting step (`nodeId`), for whoever it finds. */
const check = { automationId: reference('automations'), nodeId: text(), checkedAt: instant({ required: true }) };

export const contactInSegment = defineEvent('contact.in_segment', { segmentId: reference('segments'), ...check });

export const contactMatchesFilters = defineEvent('contact.matches_filters', check);

/** `date`: the day that came round; `occurrence`: how many years after the attribute's date. `skipped`: learnt too late to act on. */
export const contactAnniversary = defineEvent('contact.anniversary', {
  attributeId: reference('attributes'),
  date: text(),
  occurrence: number({ integer: true }),
  skipped: yesNo(),
  ...check
});
