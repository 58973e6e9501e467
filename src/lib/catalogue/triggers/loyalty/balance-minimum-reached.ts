import { defineTrigger } from '$lib/core/definitions';
import { balanceMinimumReached } from '$lib/core/events/loyalty';
import { eventFilters } from '$lib/core/fields';
import { anyOf, bothWays } from '../../filter-examples';
import { filteredSentence } from '../../filtered';

const event = { programId: 'p1', balanceId: 'b1', value: 10 };

export default defineTrigger({
  id: 'loyalty.balance_minimum_reached',
  group: 'loyalty',
  icon: 'arrow-down',
  version: 1,
  fields: {
    filters: eventFilters({
      programId: balanceMinimumReached.properties.programId,
      balanceId: balanceMinimumReached.properties.balanceId
    })
  },
  event: balanceMinimumReached,
  sentence: ({ fields, view }) =>
    filteredSentence(fields.filters, view, 'catalogue.loyalty.balance_minimum_reached.sentence'),
  examples: [
    { fields: {}, properties: event, enters: true },
    ...bothWays(event, {
      programId: anyOf('p1'),
      balanceId: anyOf('b1')
    })
  ]
});
