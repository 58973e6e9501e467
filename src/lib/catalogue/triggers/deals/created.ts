import { defineTrigger } from '$lib/core/definitions';
import { dealCreated } from '$lib/core/events/deals';
import { eventFilters } from '$lib/core/fields';
import { filteredSentence } from '../../filtered';
import { eventCondition } from '../../examples';

const { amount, pipelineId, stageId } = dealCreated.properties;
const properties = { dealId: 'd1', amount: { minor: 120_000, currency: 'EUR' }, pipelineId: 'p1', stageId: 'new' };

export default defineTrigger({
  id: 'deal.created',
  group: 'deals',
  icon: 'handshake',
  version: 1,
  fields: { filters: eventFilters({ amount, pipelineId, stageId }) },
  event: dealCreated,
  sentence: ({ fields, view }) => filteredSentence(fields.filters, view, 'catalogue.deal.created.sentence'),
  examples: [
    { fields: {}, properties, enters: true },
    { fields: { filters: eventCondition('amount', 'number', 'atLeast', 1_000) }, properties, enters: true },
    { fields: { filters: eventCondition('amount', 'number', 'above', 1_200) }, properties, enters: false },
    { fields: { filters: eventCondition('pipelineId', 'choice', 'anyOf', ['p1']) }, properties, enters: true },
    { fields: { filters: eventCondition('pipelineId', 'choice', 'anyOf', ['p2']) }, properties, enters: false },
    { fields: { filters: eventCondition('stageId', 'choice', 'anyOf', ['new', 'won']) }, properties, enters: true },
    { fields: { filters: eventCondition('stageId', 'choice', 'noneOf', ['new']) }, properties, enters: false }
  ]
});
