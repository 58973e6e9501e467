import { defineTrigger } from '$lib/core/definitions';
import { conversationMessageReceived } from '$lib/core/events/conversations';
import { choice, eventFilters } from '$lib/core/fields';
import { filterExamples } from '../../filter-examples';
import { filteredSentence } from '../../filtered';

const offered = {
  source: conversationMessageReceived.properties.source,
  text: conversationMessageReceived.properties.text
};
const least = { conversationId: 'v1' };

export default defineTrigger({
  id: 'conversation.message_received',
  group: 'conversations',
  icon: 'message-circle',
  version: 1,
  fields: {
    /** The contact's own messages are what an automatic reply answers: answering one's own would never end. */
    direction: choice(['from', 'to', 'both'], 'from'),
    filters: eventFilters(offered)
  },
  event: conversationMessageReceived,
  admits: ({ fields, properties }) => fields.direction === 'both' || fields.direction === properties.direction,
  sentence: ({ fields, view }) =>
    filteredSentence(
      fields.filters,
      view,
      {
        from: 'catalogue.conversation.message_received.sentence_from',
        to: 'catalogue.conversation.message_received.sentence_to',
        both: 'catalogue.conversation.message_received.sentence_both'
      }[fields.direction]
    ),
  examples: [
    { fields: {}, properties: least, enters: true },
    { fields: {}, properties: { ...least, direction: 'to' }, enters: false },
    { fields: { direction: 'to' }, properties: { ...least, direction: 'to' }, enters: true },
    { fields: { direction: 'to' }, properties: { ...least, direction: 'from' }, enters: false },
    { fields: { direction: 'both' }, properties: { ...least, direction: 'to' }, enters: true },
    ...filterExamples(offered, least, { source: ['chat', 'email'], text: ['Bonjour', 'Merci'] })
  ]
});
