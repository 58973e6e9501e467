import { defineTrigger } from '$lib/core/definitions';
import { conversationStarted } from '$lib/core/events/conversations';
import { eventFilters } from '$lib/core/fields';
import { filterExamples } from '../../filter-examples';
import { filteredSentence } from '../../filtered';

const offered = {
  source: conversationStarted.properties.source
};

export default defineTrigger({
  id: 'conversation.started',
  group: 'conversations',
  icon: 'messages-square',
  version: 1,
  fields: { filters: eventFilters(offered) },
  event: conversationStarted,
  sentence: ({ fields, view }) => filteredSentence(fields.filters, view, 'catalogue.conversation.started.sentence'),
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
