import { defineTrigger } from '$lib/core/definitions';
import { pushSessionStarted } from '$lib/core/events/push';
import { eventFilters } from '$lib/core/fields';
import { filterExamples } from '../../filter-examples';
import { filteredSentence } from '../../filtered';

const offered = {
  attribution: pushSessionStarted.properties.attribution,
  campaignId: pushSessionStarted.properties.campaignId,
  notificationId: pushSessionStarted.properties.notificationId
};

export default defineTrigger({
  id: 'push.session_started',
  group: 'push',
  icon: 'activity',
  version: 1,
  fields: { filters: eventFilters(offered) },
  event: pushSessionStarted,
  sentence: ({ fields, view }) => filteredSentence(fields.filters, view, 'catalogue.push.session_started.sentence'),
  examples: [
    { fields: {}, properties: { sessionId: 's1' }, enters: true },
    ...filterExamples(
      offered,
      { sessionId: 's1' },
      {
        attribution: ['notification', 'direct'],
        campaignId: ['c1', 'c2'],
        notificationId: ['n1', 'n2']
      }
    )
  ]
});
