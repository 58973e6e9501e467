import { defineTrigger } from '$lib/core/definitions';
import { membershipRevoked } from '$lib/core/events/loyalty';
import { eventFilters } from '$lib/core/fields';
import { words } from '$lib/core/words';
import { anyOf, bothWays } from '../../filter-examples';

const event = { programId: 'p1', membershipId: 'p1/c1' };

export default defineTrigger({
  id: 'loyalty.membership_revoked',
  group: 'loyalty',
  icon: 'user-x',
  version: 1,
  fields: {
    filters: eventFilters({
      programId: membershipRevoked.properties.programId
    })
  },
  event: membershipRevoked,
  sentence: ({ fields }) =>
    words(
      fields.filters === null
        ? 'catalogue.loyalty.membership_revoked.sentence'
        : 'catalogue.loyalty.membership_revoked.sentence_filtered'
    ),
  examples: [
    { fields: {}, properties: event, enters: true },
    ...bothWays(event, {
      programId: anyOf('p1')
    })
  ]
});
