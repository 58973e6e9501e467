import { defineTrigger } from '$lib/core/definitions';
import { conversationEnded } from '$lib/core/events/conversations';
import { eventFilters } from '$lib/core/fields';
import { filterExamples } from '../../filter-examples';
import { filteredSentence } from '../../filtered';

const offered = {
  source: conversationEnded.properties.source
};

export default defineTrigger({
  id: 'conversation.ended',
  group: 'conversations',
  icon: 'message-square',
  version: 1,
  fields: { filters: eventFilters(offered) },
  event: conversationEnded,
  sentence: ({ fields, view }) => filteredSentence(fields.filters, view, 'catalogue.conversation.ended.sentence'),
  examples: [
    { fields: {}, properties: { conversationId: 'v1' }, enters: true },
    ...filterExamples(
      offered,
      { conversationId: 'v1' },
      {
        source: ['chat', 'email']
      }
    )
  ]
});
