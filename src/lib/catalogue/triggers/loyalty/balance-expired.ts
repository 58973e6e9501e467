import { defineTrigger } from '$lib/core/definitions';
import { balanceExpired } from '$lib/core/events/loyalty';
import { eventFilters } from '$lib/core/fields';
import { anyOf, atLeast, bothWays } from '../../filter-examples';
import { filteredSentence } from '../../filtered';

const event = { programId: 'p1', balanceId: 'b1', expired: 20, balance: 0 };

export default defineTrigger({
  id: 'loyalty.balance_expired',
  group: 'loyalty',
  icon: 'hourglass',
  version: 1,
  fields: {
    filters: eventFilters({
      programId: balanceExpired.properties.programId,
      balanceId: balanceExpired.properties.balanceId,
      expired: balanceExpired.properties.expired
    })
  },
  event: balanceExpired,
  sentence: ({ fields, view }) => filteredSentence(fields.filters, view, 'catalogue.loyalty.balance_expired.sentence'),
  examples: [
    { fields: {}, properties: event, enters: true },
    ...bothWays(event, {
      programId: anyOf('p1'),
      balanceId: anyOf('b1'),
      expired: atLeast(50)
    })
  ]
});
