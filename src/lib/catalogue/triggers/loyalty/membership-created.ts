import { defineTrigger } from '$lib/core/definitions';
import { membershipCreated } from '$lib/core/events/loyalty';
import { eventFilters } from '$lib/core/fields';
import { words } from '$lib/core/words';
import { anyOf, bothWays } from '../../filter-examples';

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
  sentence: ({ fields }) =>
    words(
      fields.filters === null
        ? 'catalogue.loyalty.membership_created.sentence'
        : 'catalogue.loyalty.membership_created.sentence_filtered'
    ),
  examples: [
    { fields: {}, properties: event, enters: true },
    ...bothWays(event, {
      programId: anyOf('p1')
    })
  ]
});
