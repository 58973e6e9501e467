import { defineTrigger } from '$lib/core/definitions';
import { orderCreated } from '$lib/core/events/ecommerce';
import { eventFilters } from '$lib/core/fields';
import { filterExamples, productExamples } from '../../filter-examples';
import { filteredSentence } from '../../filtered';

const offered = {
  items: orderCreated.properties.items,
  total: orderCreated.properties.total
};

export default defineTrigger({
  id: 'order.created',
  group: 'ecommerce',
  icon: 'shopping-bag',
  version: 1,
  fields: { filters: eventFilters(offered) },
  event: orderCreated,
  sentence: ({ fields, view }) => filteredSentence(fields.filters, view, 'catalogue.order.created.sentence'),
  examples: [
    { fields: {}, properties: { orderId: 'o1' }, enters: true },
    ...filterExamples(
      offered,
      { orderId: 'o1' },
      {
        ...productExamples('items'),
        total: [
          { minor: 5_000, currency: 'EUR' },
          { minor: 4_999, currency: 'EUR' }
        ]
      }
    )
  ]
});
