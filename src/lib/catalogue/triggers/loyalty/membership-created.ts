import { defineTrigger } from '$lib/core/definitions';
import { membershipCreated } from '$lib/core/events/loyalty';
import { eventFilters } from '$lib/core/fields';
import { anyOf, bothWays } from '../../filter-examples';
import { filteredSentence } from '../../filtered';

const event = { programId: 'p1', membershipId: 'p1/c1' };

export default defineTrigger({
  id: 'loyalty.membership_created',
  group: 'loyalty',
  icon: 'badge-check',
  version: 1,
  fields: {
    filters: eventFilters({
      programId: membershipCreated.properties.programId
    })
  },
  event: membershipCreated,
  sentence: ({ fields, view }) =>
    filteredSentence(fields.filters, view, 'catalogue.loyalty.membership_created.sentence'),
  examples: [
    { fields: {}, properties: event, enters: true },
    ...bothWays(event, {
      programId: anyOf('p1')
    })
  ]
});
