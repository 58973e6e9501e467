import { defineTrigger } from '$lib/core/definitions';
import { formSubmitted } from '$lib/core/events/forms';
import { eventFilters } from '$lib/core/fields';
import { anyOf, bothWays } from '../../filter-examples';
import { filteredSentence } from '../../filtered';

const event = { formId: 'f1', formName: 'Newsletter', formType: 'sign_up' as const, fields: {} };

export default defineTrigger({
  id: 'form.submitted',
  group: 'forms',
  icon: 'clipboard-check',
  version: 1,
  fields: {
    filters: eventFilters({
      formId: formSubmitted.properties.formId,
      formType: formSubmitted.properties.formType
    })
  },
  event: formSubmitted,
  sentence: ({ fields, view }) => filteredSentence(fields.filters, view, 'catalogue.form.submitted.sentence'),
  examples: [
    { fields: {}, properties: event, enters: true },
    ...bothWays(event, { formId: anyOf('f1'), formType: anyOf('unsubscribe') })
  ]
});
