import { defineTrigger } from '$lib/core/definitions';
import { pageVisited } from '$lib/core/events/website';
import { eventFilters } from '$lib/core/fields';
import { filterExamples } from '../../filter-examples';
import { filteredSentence } from '../../filtered';

const offered = {
  title: pageVisited.properties.title,
  url: pageVisited.properties.url
};

export default defineTrigger({
  id: 'page.visited',
  group: 'website',
  icon: 'globe',
  version: 1,
  fields: { filters: eventFilters(offered) },
  event: pageVisited,
  sentence: ({ fields, view }) => filteredSentence(fields.filters, view, 'catalogue.page.visited.sentence'),
  examples: [
    { fields: {}, properties: { url: 'https://atelier.fr/tarifs' }, enters: true },
    ...filterExamples(
      offered,
      { url: 'https://atelier.fr/tarifs' },
      {
        title: ['Tarifs', 'Accueil'],
        url: ['https://atelier.fr/tarifs', 'https://atelier.fr']
      }
    )
  ]
});
