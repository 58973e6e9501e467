import type { FormTexts, PageLanguage, PublishedField, PublishedForm } from '$lib/core/pages';
import type { Attribute } from '$lib/core/rows/contacts';
import type { Form, FormField } from '$lib/core/rows/forms';
import { isRequired } from './answers';

const INPUTS = {
  text: 'text',
  number: 'number',
  date: 'date',
  yesNo: 'yesNo',
  choice: 'choice',
  choices: 'choices'
} as const;

/** What everybody sees of a form. What it asks for and is gone is left out; an address by which its contact is known has to be given. */
export function publishedForm(
  form: Form,
  attributes: ReadonlyMap<string, Attribute>,
  language: PageLanguage,
  texts: FormTexts
): PublishedForm {
  const { title, name, intro, consent, button, type, confirmation } = form;
  const thanks = form.thanks.trim() || texts.thanks;
  // Of an update everybody is told the same, so that nobody learns who is known.
  const isConfirmed = type === 'profile_update' || (type === 'sign_up' && confirmation !== undefined);
  return {
    language,
    title: title.trim() || name,
    intro: intro.trim(),
    fields: form.fields.flatMap((field) => publishedField(form, field, attributes, texts) ?? []),
    consent: consent.trim(),
    button: button.trim() || texts.send,
    ...(isConfirmed ? { thanks: texts.checkMail, confirmed: thanks } : { thanks })
  };
}

function publishedField(
  form: Form,
  field: FormField,
  attributes: ReadonlyMap<string, Attribute>,
  texts: FormTexts
): PublishedField | null {
  const { id, asks, label, help, required } = field;
  const shown = (named: string) => ({
    id,
    label: (label.trim() || named).slice(0, 300),
    help: help.trim().slice(0, 2_000)
  });
  if (asks.for === 'email') return { ...shown(texts.email), required: isRequired(form, field), input: 'email' };
  if (asks.for === 'phone') return { ...shown(texts.phone), required, input: 'tel' };
  const attribute = attributes.get(asks.attributeId);
  if (!attribute) return null;
  const { kind, options = [] } = attribute;
  const published = { ...shown(attribute.name), required, input: INPUTS[kind] };
  return kind === 'choice' || kind === 'choices' ? { ...published, options } : published;
}
