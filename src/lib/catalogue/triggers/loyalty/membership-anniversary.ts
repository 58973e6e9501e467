import { defineTrigger } from '$lib/core/definitions';
import { membershipAnniversary } from '$lib/core/events/loyalty';
import { eventFilters } from '$lib/core/fields';
import { anyOf, before, bothWays } from '../../filter-examples';
import { filteredSentence } from '../../filtered';

const event = { programId: 'p1', membershipId: 'p1/c1', years: 1, joinedAt: 0 };

export default defineTrigger({
  id: 'loyalty.membership_anniversary',
  group: 'loyalty',
  icon: 'party-popper',
  version: 1,
  fields: {
    filters: eventFilters({
      programId: membershipAnniversary.properties.programId,
      joinedAt: membershipAnniversary.properties.joinedAt
    })
  },
  event: membershipAnniversary,
  sentence: ({ fields, view }) =>
    filteredSentence(fields.filters, view, 'catalogue.loyalty.membership_anniversary.sentence'),
  examples: [
    { fields: {}, properties: event, enters: true },
    ...bothWays(event, {
      programId: anyOf('p1'),
      joinedAt: before('2026-01-01')
    })
  ]
});
