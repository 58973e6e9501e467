import { defineTrigger } from '$lib/core/definitions';
import { meetingStarted } from '$lib/core/events/meetings';
import { eventFilters } from '$lib/core/fields';
import { filterExamples } from '../../filter-examples';
import { filteredSentence } from '../../filtered';

const offered = {
  type: meetingStarted.properties.type,
  url: meetingStarted.properties.url
};

export default defineTrigger({
  id: 'meeting.started',
  group: 'meetings',
  icon: 'calendar-clock',
  version: 1,
  fields: { filters: eventFilters(offered) },
  event: meetingStarted,
  sentence: ({ fields, view }) => filteredSentence(fields.filters, view, 'catalogue.meeting.started.sentence'),
  examples: [
    { fields: {}, properties: { meetingId: 'r1' }, enters: true },
    ...filterExamples(
      offered,
      { meetingId: 'r1' },
      {
        type: ['Découverte', 'Suivi'],
        url: ['https://cal.exemple.fr/decouverte', 'https://cal.exemple.fr/suivi']
      }
    )
  ]
});
