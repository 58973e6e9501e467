import { defineTrigger } from '$lib/core/definitions';
import { emailLinkClicked } from '$lib/core/events/emails';
import { eventFilters } from '$lib/core/fields';
import { filterExamples } from '../../filter-examples';
import { filteredSentence } from '../../filtered';

const offered = {
  emailType: emailLinkClicked.properties.emailType,
  emailName: emailLinkClicked.properties.emailName,
  tag: emailLinkClicked.properties.tag,
  url: emailLinkClicked.properties.url
};

export default defineTrigger({
  id: 'email.link_clicked',
  group: 'emails',
  icon: 'mouse-pointer-click',
  version: 1,
  fields: { filters: eventFilters(offered) },
  event: emailLinkClicked,
  sentence: ({ fields, view }) => filteredSentence(fields.filters, view, 'catalogue.email.link_clicked.sentence'),
  examples: [
    { fields: {}, properties: { messageId: 'm1' }, enters: true },
    ...filterExamples(
      offered,
      { messageId: 'm1' },
      {
        emailType: ['marketing', 'transactional'],
        emailName: ['Bienvenue', 'Rappel'],
        tag: ['accueil', 'relance'],
        url: ['https://atelier.fr/offre', 'https://atelier.fr']
      }
    )
  ]
});
