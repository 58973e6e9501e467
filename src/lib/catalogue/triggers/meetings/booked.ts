import { defineTrigger } from '$lib/core/definitions';
import { meetingBooked } from '$lib/core/events/meetings';
import { eventFilters } from '$lib/core/fields';
import { filterExamples } from '../../filter-examples';
import { filteredSentence } from '../../filtered';

const offered = {
  type: meetingBooked.properties.type,
  url: meetingBooked.properties.url
};

export default defineTrigger({
  id: 'meeting.booked',
  group: 'meetings',
  icon: 'calendar-check',
  version: 1,
  fields: { filters: eventFilters(offered) },
  event: meetingBooked,
  sentence: ({ fields, view }) => filteredSentence(fields.filters, view, 'catalogue.meeting.booked.sentence'),
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
