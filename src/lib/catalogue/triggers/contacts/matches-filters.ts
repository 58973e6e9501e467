import { defineTrigger } from '$lib/core/definitions';
import { contactMatchesFilters } from '$lib/core/events/contacts';
import { choice, clock, filters, timeZone } from '$lib/core/fields';
import { words } from '$lib/core/words';
import { isOfThisCheck, lookBy } from '../../daily';

const inLyon = {
  subject: { of: 'attribute' as const, attributeId: 'CITY' },
  kind: 'text' as const,
  operator: 'is' as const,
  value: 'Lyon'
};

export default defineTrigger({
  id: 'contact.matches_filters',
  group: 'contacts',
  icon: 'list-filter',
  version: 1,
  fields: {
    filters: filters({ required: true }),
    finds: choice(['each', 'joining'], 'each'),
    time: clock(),
    timeZone: timeZone()
  },
  event: contactMatchesFilters,
  daily: ({ fields, view }) => lookBy(fields.filters ?? { op: 'all', of: [] }, {}, fields, view),
  already: ({ fields }) => fields.filters,
  admits: isOfThisCheck,
  sentence: ({ fields }) =>
    fields.filters === null ? null : words('catalogue.contact.matches_filters.sentence', { time: fields.time }),
  examples: [
    { fields: { filters: inLyon }, properties: { automationId: 'a1', nodeId: 't1' }, enters: true },
    { fields: { filters: inLyon }, properties: { automationId: 'a1', nodeId: 't9' }, enters: false }
  ]
});
