import { defineTrigger } from '$lib/core/definitions';
import { pushUnsubscribed } from '$lib/core/events/push';
import { eventFilters } from '$lib/core/fields';
import { filterExamples } from '../../filter-examples';
import { filteredSentence } from '../../filtered';

const offered = {
  subType: pushUnsubscribed.properties.subType,
  platform: pushUnsubscribed.properties.platform
};

export default defineTrigger({
  id: 'push.unsubscribed',
  group: 'push',
  icon: 'bell-off',
  version: 1,
  fields: { filters: eventFilters(offered) },
  event: pushUnsubscribed,
  sentence: ({ fields, view }) => filteredSentence(fields.filters, view, 'catalogue.push.unsubscribed.sentence'),
  examples: [
    { fields: {}, properties: { subscriptionId: 'd1' }, enters: true },
    ...filterExamples(
      offered,
      { subscriptionId: 'd1' },
      {
        subType: ['invalidated', 'soft'],
        platform: ['ios', 'web']
      }
    )
  ]
});
