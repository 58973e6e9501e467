import { formSchema, type Form } from '$lib/core/rows/forms';
import type { Attribute } from '$lib/core/rows/contacts';
import { words, type Words } from '$lib/core/words';
import * as v from 'valibot';

const LONGEST_TEXT = 5_000;

/** Why a form cannot be kept like this; null where it can. */
export function formRefusal(form: Form, attributes: ReadonlyMap<string, Attribute>): Words | null {
  if (!v.is(formSchema, form)) return words('words.form.broken');
  const asked = form.fields.map(({ asks }) => (asks.for === 'attribute' ? asks.attributeId : asks.for));
  if (new Set(asked).size < asked.length) return words('words.form.asked_twice');
  const knows = asked.includes('email') || (form.type === 'sign_up' && asked.includes('phone'));
  if (!knows) return words('words.form.no_address');
  const gone = form.fields.find(({ asks }) => asks.for === 'attribute' && !attributes.has(asks.attributeId));
  if (gone?.asks.for === 'attribute') return words('words.form.attribute_gone', { attribute: gone.asks.attributeId });
  if (form.confirmation && !asked.includes('email')) return words('words.form.no_address');
  const { subject, text, button } = form.confirmation ?? { subject: '', text: '', button: '' };
  const texts = [form.title, form.intro, form.consent, form.button, form.thanks, subject, text, button];
  return texts.some((text) => text.length > LONGEST_TEXT) ? words('words.form.too_long') : null;
}
