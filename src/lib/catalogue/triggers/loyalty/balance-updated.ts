import { defineTrigger } from '$lib/core/definitions';
import { balanceUpdated } from '$lib/core/events/loyalty';
import { eventFilters } from '$lib/core/fields';
import { words } from '$lib/core/words';
import { anyOf, atLeast, bothWays } from '../../filter-examples';

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
  sentence: ({ fields }) =>
    words(
      fields.filters === null
        ? 'catalogue.loyalty.balance_updated.sentence'
        : 'catalogue.loyalty.balance_updated.sentence_filtered'
    ),
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
