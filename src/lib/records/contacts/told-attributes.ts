import type { Attribute, AttributeValue } from '$lib/core/rows/contacts';
import { parseAttributeValue } from './values';

/** What a site or a service tells of a contact: the attributes that the workspace has, as they take it; the rest is left out. */
export function toldAttributes(
  told: Readonly<Record<string, unknown>>,
  known: ReadonlyMap<string, Attribute>
): Record<string, AttributeValue> {
  const read: Record<string, AttributeValue> = {};
  for (const [id, value] of Object.entries(told)) {
    const attribute = known.get(id);
    const parsed = attribute ? parseAttributeValue(attribute, value) : undefined;
    if (parsed?.ok && parsed.value !== null) read[id] = parsed.value;
  }
  return read;
}
