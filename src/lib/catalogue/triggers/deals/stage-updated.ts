import { defineTrigger } from '$lib/core/definitions';
import { dealStageUpdated } from '$lib/core/events/deals';
import { eventFilters } from '$lib/core/fields';
import { filteredSentence } from '../../filtered';
import { eventCondition } from '../../examples';

const { amount, pipelineId, fromStageId, toStageId } = dealStageUpdated.properties;
const properties = {
  dealId: 'd1',
  amount: { minor: 120_000, currency: 'EUR' },
  pipelineId: 'p1',
  fromStageId: 'new',
  toStageId: 'won'
};

export default defineTrigger({
  id: 'deal.stage_updated',
  group: 'deals',
  icon: 'arrow-right-left',
  version: 1,
  fields: { filters: eventFilters({ amount, pipelineId, fromStageId, toStageId }) },
  event: dealStageUpdated,
  sentence: ({ fields, view }) => filteredSentence(fields.filters, view, 'catalogue.deal.stage_updated.sentence'),
  examples: [
    { fields: {}, properties, enters: true },
    { fields: { filters: eventCondition('amount', 'number', 'between', [1_000, 1_500]) }, properties, enters: true },
    { fields: { filters: eventCondition('amount', 'number', 'below', 1_200) }, properties, enters: false },
    { fields: { filters: eventCondition('pipelineId', 'choice', 'anyOf', ['p1']) }, properties, enters: true },
    { fields: { filters: eventCondition('pipelineId', 'choice', 'anyOf', ['p2']) }, properties, enters: false },
    { fields: { filters: eventCondition('fromStageId', 'choice', 'anyOf', ['new']) }, properties, enters: true },
    { fields: { filters: eventCondition('fromStageId', 'choice', 'anyOf', ['won']) }, properties, enters: false },
    { fields: { filters: eventCondition('toStageId', 'choice', 'anyOf', ['won']) }, properties, enters: true },
    { fields: { filters: eventCondition('toStageId', 'choice', 'anyOf', ['new']) }, properties, enters: false }
  ]
});
