import { defineTrigger } from '$lib/core/definitions';
import { balanceUpdated } from '$lib/core/events/loyalty';
import { eventFilters } from '$lib/core/fields';
import { anyOf, atLeast, bothWays } from '../../filter-examples';
import { filteredSentence } from '../../filtered';

const event = { programId: 'p1', balanceId: 'b1', transactionType: 'earned' as const, value: 50, balance: 50 };

export default defineTrigger({
  id: 'loyalty.balance_updated',
  group: 'loyalty',
  icon: 'coins',
  version: 1,
  fields: {
    filters: eventFilters({
      programId: balanceUpdated.properties.programId,
      balanceId: balanceUpdated.properties.balanceId,
      transactionType: balanceUpdated.properties.transactionType,
      value: balanceUpdated.properties.value
    })
  },
  event: balanceUpdated,
  sentence: ({ fields, view }) => filteredSentence(fields.filters, view, 'catalogue.loyalty.balance_updated.sentence'),
  examples: [
    { fields: {}, properties: event, enters: true },
    ...bothWays(event, {
      programId: anyOf('p1'),
      balanceId: anyOf('b1'),
      transactionType: anyOf('redeemed'),
      value: atLeast(100)
    })
  ]
});
