import { defineTrigger } from '$lib/core/definitions';
import { cartUpdated } from '$lib/core/events/ecommerce';
import { eventFilters } from '$lib/core/fields';
import { filterExamples, productExamples } from '../../filter-examples';
import { filteredSentence } from '../../filtered';

const offered = {
  items: cartUpdated.properties.items,
  total: cartUpdated.properties.total
};

export default defineTrigger({
  id: 'cart.updated',
  group: 'ecommerce',
  icon: 'shopping-cart',
  version: 1,
  fields: { filters: eventFilters(offered) },
  event: cartUpdated,
  sentence: ({ fields, view }) => filteredSentence(fields.filters, view, 'catalogue.cart.updated.sentence'),
  examples: [
    { fields: {}, properties: { cartId: 'c1' }, enters: true },
    ...filterExamples(
      offered,
      { cartId: 'c1' },
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
