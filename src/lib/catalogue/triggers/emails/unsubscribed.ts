import { defineTrigger } from '$lib/core/definitions';
import { emailUnsubscribed } from '$lib/core/events/emails';
import { eventFilters } from '$lib/core/fields';
import { filterExamples } from '../../filter-examples';
import { filteredSentence } from '../../filtered';

const offered = {
  emailType: emailUnsubscribed.properties.emailType,
  emailName: emailUnsubscribed.properties.emailName
};

export default defineTrigger({
  id: 'email.unsubscribed',
  group: 'emails',
  icon: 'mail-x',
  version: 1,
  fields: { filters: eventFilters(offered) },
  event: emailUnsubscribed,
  sentence: ({ fields, view }) => filteredSentence(fields.filters, view, 'catalogue.email.unsubscribed.sentence'),
  examples: [
    { fields: {}, properties: { messageId: 'm1' }, enters: true },
    ...filterExamples(
      offered,
      { messageId: 'm1' },
      {
        emailType: ['marketing', 'transactional'],
        emailName: ['Bienvenue', 'Rappel']
      }
    )
  ]
});
