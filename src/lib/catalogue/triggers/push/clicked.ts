import { defineTrigger } from '$lib/core/definitions';
import { pushClicked } from '$lib/core/events/push';
import { eventFilters } from '$lib/core/fields';
import { filterExamples } from '../../filter-examples';
import { filteredSentence } from '../../filtered';

const offered = {
  attribution: pushClicked.properties.attribution,
  campaignId: pushClicked.properties.campaignId,
  notificationId: pushClicked.properties.notificationId
};

export default defineTrigger({
  id: 'push.clicked',
  group: 'push',
  icon: 'mouse-pointer-click',
  version: 1,
  fields: { filters: eventFilters(offered) },
  event: pushClicked,
  sentence: ({ fields, view }) => filteredSentence(fields.filters, view, 'catalogue.push.clicked.sentence'),
  examples: [
    { fields: {}, properties: {}, enters: true },
    ...filterExamples(
      offered,
      {},
      {
        attribution: ['notification', 'direct'],
        campaignId: ['c1', 'c2'],
        notificationId: ['n1', 'n2']
      }
    )
  ]
});
