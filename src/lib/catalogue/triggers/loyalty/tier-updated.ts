import { defineTrigger } from '$lib/core/definitions';
import { tierUpdated } from '$lib/core/events/loyalty';
import { eventFilters } from '$lib/core/fields';
import { anyOf, bothWays } from '../../filter-examples';
import { filteredSentence } from '../../filtered';

const event = { programId: 'p1', fromTierId: null, toTierId: 't1' };

export default defineTrigger({
  id: 'loyalty.tier_updated',
  group: 'loyalty',
  icon: 'trophy',
  version: 1,
  fields: {
    filters: eventFilters({
      programId: tierUpdated.properties.programId,
      fromTierId: tierUpdated.properties.fromTierId,
      toTierId: tierUpdated.properties.toTierId
    })
  },
  event: tierUpdated,
  sentence: ({ fields, view }) => filteredSentence(fields.filters, view, 'catalogue.loyalty.tier_updated.sentence'),
  examples: [
    { fields: {}, properties: event, enters: true },
    ...bothWays(event, {
      programId: anyOf('p1'),
      fromTierId: anyOf('t1'),
      toTierId: anyOf('t2')
    })
  ]
});
