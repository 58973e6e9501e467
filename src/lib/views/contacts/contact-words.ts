import type { Attribute, AttributeValue, Contact } from '$lib/core/rows/contacts';
import { date, list, m, number } from '$lib/i18n';
import { knownName } from '$lib/records/contacts/known-name';

/** What a contact is called: first and last name, or whatever it is known by. */
export function contactName(contact: Pick<Contact, 'attributes' | 'email' | 'phone' | 'externalId'>): string {
  return knownName(contact) || m['contacts.nameless']();
}

const NAMES: readonly string[] = ['FIRSTNAME', 'LASTNAME'];

/** First name and last name before the others. */
export function namesFirst(attributes: readonly Attribute[]): Attribute[] {
  return [
    ...NAMES.flatMap((id) => attributes.find((attribute) => attribute.id === id) ?? []),
    ...attributes.filter(({ id }) => !NAMES.includes(id))
  ];
}

/** The value of an attribute as one reads it; undefined for none. */
export function attributeText(
  attribute: Pick<Attribute, 'kind' | 'options'>,
  value: AttributeValue | undefined
): string | undefined {
  if (value === undefined || value === '') return undefined;
  if (typeof value === 'boolean') return value ? m['contacts.yes']() : m['contacts.no']();
  if (typeof value === 'number') return number(value, { maximumFractionDigits: 10 });
  if (Array.isArray(value)) return list(value.map((one) => optionName(attribute, one)));
  if (attribute.kind === 'date') return dateText(value);
  return attribute.kind === 'choice' ? optionName(attribute, value) : value;
}

function optionName({ options }: Pick<Attribute, 'options'>, id: string): string {
  return options?.find((option) => option.id === id)?.name ?? id;
}

/** A day without a time has no zone: it is written as it stands. */
function dateText(value: string): string {
  const at = Date.parse(`${value}T00:00:00Z`);
  return Number.isNaN(at) ? value : date(at, { timeZone: 'UTC' });
}
