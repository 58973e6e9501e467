import { choice, instant, json, reference, text } from '../fields';
import { FORM_TYPES } from '../rows/forms';
import { defineEvent } from './define';

/** `fields`: what was answered, by the name of the field. `consent`: the text that was agreed to, and when; '' where there is none. `confirmedAt`: when its address was, where the form asks for that. */
export const formSubmitted = defineEvent('form.submitted', {
  formId: reference('forms', { required: true }),
  formName: text(),
  formType: choice(FORM_TYPES, 'sign_up'),
  fields: json(),
  consent: text({ long: true }),
  consentAt: instant(),
  confirmedAt: instant()
});
