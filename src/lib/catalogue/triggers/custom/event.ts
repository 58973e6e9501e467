import { defineTrigger } from '$lib/core/definitions';
import { customEvent } from '$lib/core/events/custom';
import { eventFilters, text } from '$lib/core/fields';
import { words } from '$lib/core/words';

export default defineTrigger({
  id: 'custom.event',
  group: 'custom',
  icon: 'zap',
  version: 1,
  fields: { name: text({ required: true, max: 200 }), filters: eventFilters(customEvent.properties) },
  event: customEvent,
  // A wait of the first version had no name: any event is what it waits for.
  admits: ({ fields, properties }) => fields.name === '' || fields.name === properties.name,
  sentence: ({ fields }) =>
    fields.name === '' ? null : words('catalogue.custom.event.sentence', { name: fields.name }),
  examples: [
    { fields: { name: 'course.finished' }, properties: { name: 'course.finished' }, enters: true },
    { fields: { name: 'course.finished' }, properties: { name: 'course.started' }, enters: false },
    {
      fields: {
        name: 'x',
        filters: { subject: { of: 'event', property: 'grade' }, kind: 'number', operator: 'atLeast', value: 12 }
      },
      properties: { name: 'x', grade: 14 },
      enters: true
    },
    {
      fields: {
        name: 'x',
        filters: { subject: { of: 'event', property: 'grade' }, kind: 'number', operator: 'atLeast', value: 12 }
      },
      properties: { name: 'x', grade: 9 },
      enters: false
    }
  ]
});
