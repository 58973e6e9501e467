import type { FormTexts, PageLanguage, PublishedField, PublishedForm } from '$lib/core/pages';
import type { Attribute } from '$lib/core/rows/contacts';
import type { Form, FormField } from '$lib/core/rows/forms';

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
  const { title, name, intro, consent, button, thanks } = form;
  return {
    language,
    title: title.trim() || name,
    intro: intro.trim(),
    fields: form.fields.flatMap((field) => publishedField(form, field, attributes, texts) ?? []),
    consent: consent.trim(),
    button: button.trim() || texts.send,
    thanks: thanks.trim() || texts.thanks
  };
}

function publishedField(
  { type }: Form,
  { id, asks, label, help, required }: FormField,
  attributes: ReadonlyMap<string, Attribute>,
  texts: FormTexts
): PublishedField | null {
  const shown = (named: string) => ({
    id,
    label: (label.trim() || named).slice(0, 300),
    help: help.trim().slice(0, 2_000)
  });
  if (asks.for === 'email') return { ...shown(texts.email), required: required || type !== 'sign_up', input: 'email' };
  if (asks.for === 'phone') return { ...shown(texts.phone), required, input: 'tel' };
  const attribute = attributes.get(asks.attributeId);
  if (!attribute) return null;
  const { kind, options = [] } = attribute;
  const field = { ...shown(attribute.name), required, input: INPUTS[kind] };
  return kind === 'choice' || kind === 'choices' ? { ...field, options } : field;
}
