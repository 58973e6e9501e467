import { defineTrigger } from '$lib/core/definitions';
import { cartDeleted } from '$lib/core/events/ecommerce';
import { eventFilters } from '$lib/core/fields';
import { filterExamples, productExamples } from '../../filter-examples';
import { filteredSentence } from '../../filtered';

const offered = {
  removed: cartDeleted.properties.removed
};

export default defineTrigger({
  id: 'cart.deleted',
  group: 'ecommerce',
  icon: 'package',
  version: 1,
  fields: { filters: eventFilters(offered) },
  event: cartDeleted,
  sentence: ({ fields, view }) => filteredSentence(fields.filters, view, 'catalogue.cart.deleted.sentence'),
  examples: [
    { fields: {}, properties: { cartId: 'c1' }, enters: true },
    ...filterExamples(
      offered,
      { cartId: 'c1' },
      {
        ...productExamples('removed')
      }
    )
  ]
});
