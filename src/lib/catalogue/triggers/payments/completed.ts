import { defineTrigger } from '$lib/core/definitions';
import { paymentCompleted } from '$lib/core/events/payments';
import { eventFilters } from '$lib/core/fields';
import { filterExamples } from '../../filter-examples';
import { filteredSentence } from '../../filtered';

const offered = {
  link: paymentCompleted.properties.link,
  amount: paymentCompleted.properties.amount
};

export default defineTrigger({
  id: 'payment.completed',
  group: 'payments',
  icon: 'credit-card',
  version: 1,
  fields: { filters: eventFilters(offered) },
  event: paymentCompleted,
  sentence: ({ fields, view }) => filteredSentence(fields.filters, view, 'catalogue.payment.completed.sentence'),
  examples: [
    { fields: {}, properties: { paymentId: 'p1' }, enters: true },
    ...filterExamples(
      offered,
      { paymentId: 'p1' },
      {
        link: ['https://payer.exemple.fr/stage', 'https://payer.exemple.fr/livre'],
        amount: [
          { minor: 5_000, currency: 'EUR' },
          { minor: 4_999, currency: 'EUR' }
        ]
      }
    )
  ]
});
