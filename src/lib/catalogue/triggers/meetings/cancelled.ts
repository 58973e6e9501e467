import { defineTrigger } from '$lib/core/definitions';
import { meetingCancelled } from '$lib/core/events/meetings';
import { eventFilters } from '$lib/core/fields';
import { filterExamples } from '../../filter-examples';
import { filteredSentence } from '../../filtered';

const offered = {
  type: meetingCancelled.properties.type,
  url: meetingCancelled.properties.url
};

export default defineTrigger({
  id: 'meeting.cancelled',
  group: 'meetings',
  icon: 'calendar-x',
  version: 1,
  fields: { filters: eventFilters(offered) },
  event: meetingCancelled,
  sentence: ({ fields, view }) => filteredSentence(fields.filters, view, 'catalogue.meeting.cancelled.sentence'),
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
