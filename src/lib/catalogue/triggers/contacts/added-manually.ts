import { defineTrigger } from '$lib/core/definitions';
import { contactAddedManually } from '$lib/core/events/contacts';
import { words } from '$lib/core/words';

export default defineTrigger({
  id: 'contact.added_manually',
  group: 'contacts',
  icon: 'user-plus',
  version: 1,
  fields: {},
  event: contactAddedManually,
  admits: ({ properties, automationId }) => properties.automationId === automationId,
  already: () => null,
  sentence: () => words('catalogue.contact.added_manually.sentence'),
  examples: [
    { fields: {}, properties: { automationId: 'a1' }, enters: true },
    { fields: {}, properties: { automationId: 'a2' }, enters: false }
  ]
});
