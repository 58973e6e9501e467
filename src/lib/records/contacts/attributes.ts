import type { Effect } from '$lib/core/definitions';
import type { AttributeValue, Contact } from '$lib/core/rows/contacts';
import { NOTHING, type Cause } from './cause';

/** One attribute takes a value, or null takes it away. The value it has already changes nothing. */
export function setAttribute(
  contact: Contact,
  attributeId: string,
  value: AttributeValue | null,
  given: Cause
): Effect {
  return setAttributes(contact, { [attributeId]: value }, given);
}

/** Several attributes in one change. Attributes left out stay as they are. */
export function setAttributes(
  contact: Contact,
  values: Readonly<Record<string, AttributeValue | null>>,
  given: Cause
): Effect {
  const set = attributePatch(contact, values);
  if (Object.keys(set).length === 0) return NOTHING;
  return {
    changes: [{ table: 'contacts', id: contact.id, set: { ...set, updatedAt: given.now } }],
    events: []
  };
}

/** What of these values differs from the row's (a contact's, a company's, a deal's), as the `set` of a change. */
export function attributePatch(
  row: { readonly attributes: Readonly<Record<string, AttributeValue>> },
  values: Readonly<Record<string, AttributeValue | null>>
): Record<string, unknown> {
  const set: Record<string, unknown> = {};
  for (const [attributeId, value] of Object.entries(values)) {
    const next = value ?? undefined;
    if (!sameValue(row.attributes[attributeId], next)) set[`attributes.${attributeId}`] = next;
  }
  return set;
}

function sameValue(left: AttributeValue | undefined, right: AttributeValue | undefined): boolean {
  if (Array.isArray(left) && Array.isArray(right))
    return left.length === right.length && left.every((member, index) => member === right[index]);
  return left === right;
}
