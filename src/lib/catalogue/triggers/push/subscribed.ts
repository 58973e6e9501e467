import { defineTrigger } from '$lib/core/definitions';
import { pushSubscribed } from '$lib/core/events/push';
import { eventFilters } from '$lib/core/fields';
import { filterExamples } from '../../filter-examples';
import { filteredSentence } from '../../filtered';

const offered = {
  subType: pushSubscribed.properties.subType,
  platform: pushSubscribed.properties.platform
};

export default defineTrigger({
  id: 'push.subscribed',
  group: 'push',
  icon: 'bell',
  version: 1,
  fields: { filters: eventFilters(offered) },
  event: pushSubscribed,
  sentence: ({ fields, view }) => filteredSentence(fields.filters, view, 'catalogue.push.subscribed.sentence'),
  examples: [
    { fields: {}, properties: { subscriptionId: 'd1' }, enters: true },
    ...filterExamples(
      offered,
      { subscriptionId: 'd1' },
      {
        subType: ['soft', 'new'],
        platform: ['ios', 'web']
      }
    )
  ]
});
