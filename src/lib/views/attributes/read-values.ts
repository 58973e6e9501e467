import type { Attribute, AttributeValue } from '$lib/core/rows/contacts';
import { words } from '$lib/i18n';
import { parseAttributeValue } from '$lib/records/contacts/values';

/** What a form holds, each value as its attribute takes it; `errors` by `attribute:<id>`. */
export function readValues(
  attributes: readonly Attribute[],
  typed: Readonly<Record<string, AttributeValue | null>>
): { values: Record<string, AttributeValue | null>; errors: Record<string, string> } {
  const values: Record<string, AttributeValue | null> = {};
  const errors: Record<string, string> = {};
  for (const attribute of attributes) {
    const value = parseAttributeValue(attribute, typed[attribute.id]);
    if (value.ok) values[attribute.id] = value.value;
    else errors[`attribute:${attribute.id}`] = words(value.reason);
  }
  return { values, errors };
}
