import { defineTrigger } from '$lib/core/definitions';
import { balanceMaximumReached } from '$lib/core/events/loyalty';
import { eventFilters } from '$lib/core/fields';
import { anyOf, bothWays } from '../../filter-examples';
import { filteredSentence } from '../../filtered';

const event = { programId: 'p1', balanceId: 'b1', value: 1000 };

export default defineTrigger({
  id: 'loyalty.balance_maximum_reached',
  group: 'loyalty',
  icon: 'trending-up',
  version: 1,
  fields: {
    filters: eventFilters({
      programId: balanceMaximumReached.properties.programId,
      balanceId: balanceMaximumReached.properties.balanceId
    })
  },
  event: balanceMaximumReached,
  sentence: ({ fields, view }) =>
    filteredSentence(fields.filters, view, 'catalogue.loyalty.balance_maximum_reached.sentence'),
  examples: [
    { fields: {}, properties: event, enters: true },
    ...bothWays(event, {
      programId: anyOf('p1'),
      balanceId: anyOf('b1')
    })
  ]
});
