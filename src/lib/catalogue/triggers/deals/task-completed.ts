import { defineTrigger } from '$lib/core/definitions';
import { taskCompleted } from '$lib/core/events/deals';
import { eventFilters } from '$lib/core/fields';
import { filteredSentence } from '../../filtered';
import { eventCondition } from '../../examples';

const { type, completedAt, dueAt } = taskCompleted.properties;
const properties = {
  taskId: 't1',
  type: 'call',
  title: 'Rappeler',
  dueAt: Date.UTC(2027, 0, 4, 8),
  completedAt: Date.UTC(2027, 0, 5, 8)
};

export default defineTrigger({
  id: 'task.completed',
  group: 'deals',
  icon: 'square-check',
  version: 1,
  fields: { filters: eventFilters({ type, completedAt, dueAt }) },
  event: taskCompleted,
  sentence: ({ fields, view }) => filteredSentence(fields.filters, view, 'catalogue.task.completed.sentence'),
  examples: [
    { fields: {}, properties, enters: true },
    { fields: { filters: eventCondition('type', 'choice', 'anyOf', ['call']) }, properties, enters: true },
    { fields: { filters: eventCondition('type', 'choice', 'anyOf', ['todo']) }, properties, enters: false },
    { fields: { filters: eventCondition('completedAt', 'date', 'on', '2027-01-05') }, properties, enters: true },
    { fields: { filters: eventCondition('completedAt', 'date', 'before', '2027-01-05') }, properties, enters: false },
    { fields: { filters: eventCondition('dueAt', 'date', 'before', '2027-01-05') }, properties, enters: true },
    { fields: { filters: eventCondition('dueAt', 'date', 'isUnknown', undefined) }, properties, enters: false }
  ]
});
