import type { Attribute, AttributeKind } from '$lib/core/rows/contacts';
import { words } from '$lib/i18n';

/** Attributes that files of contacts often bring: made by the import that needs them. */
const STANDARD: readonly (readonly [string, AttributeKind])[] = [
  ['FIRSTNAME', 'text'],
  ['LASTNAME', 'text'],
  ['CITY', 'text'],
  ['POSTCODE', 'text'],
  ['COUNTRY', 'text'],
  ['COMPANY', 'text'],
  ['BIRTHDAY', 'date'],
  ['LANGUAGE', 'text']
];

/** Those that are not there yet. */
export function standardAttributes(attributes: readonly Attribute[]): Omit<Attribute, 'createdAt'>[] {
  return STANDARD.filter(([id]) => attributes.every((attribute) => attribute.id !== id)).map(([id, kind]) => ({
    id,
    name: words({ key: `attributes.standard.${id}` }),
    kind
  }));
}
