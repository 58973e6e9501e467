import { failed, ok, type Result } from '$lib/core/result';
import type { Attribute, AttributeValue } from '$lib/core/rows/contacts';
import { words } from '$lib/core/words';
import { parseAttributeValue } from './contacts/values';

/** Values as a form gives them, each as its attribute takes it. Null takes one away. */
export function readAttributes(
  values: Readonly<Record<string, AttributeValue | null>>,
  known: ReadonlyMap<string, Attribute>
): Result<Record<string, AttributeValue | null>> {
  const read: Record<string, AttributeValue | null> = {};
  for (const [id, value] of Object.entries(values)) {
    const attribute = known.get(id);
    if (!attribute) return failed(words('words.contact.attribute_gone', { attribute: id }));
    const parsed = parseAttributeValue(attribute, value);
    if (!parsed.ok) return parsed;
    read[id] = parsed.value;
  }
  return ok(read);
}

/** The values that are there, for a new row. */
export function presentValues(values: Readonly<Record<string, AttributeValue | null>>): Record<string, AttributeValue> {
  const present: Record<string, AttributeValue> = {};
  for (const [id, value] of Object.entries(values)) if (value !== null) present[id] = value;
  return present;
}
