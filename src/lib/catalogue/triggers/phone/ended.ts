import { defineTrigger } from '$lib/core/definitions';
import { callEnded } from '$lib/core/events/phone';
import { eventFilters } from '$lib/core/fields';
import { filterExamples } from '../../filter-examples';
import { filteredSentence } from '../../filtered';

const offered = {
  line: callEnded.properties.line,
  type: callEnded.properties.type
};

export default defineTrigger({
  id: 'call.ended',
  group: 'phone',
  icon: 'phone',
  version: 1,
  fields: { filters: eventFilters(offered) },
  event: callEnded,
  sentence: ({ fields, view }) => filteredSentence(fields.filters, view, 'catalogue.call.ended.sentence'),
  examples: [
    { fields: {}, properties: { callId: 'a1' }, enters: true },
    ...filterExamples(
      offered,
      { callId: 'a1' },
      {
        line: ['Boutique', 'Atelier'],
        type: ['missed', 'inbound']
      }
    )
  ]
});
