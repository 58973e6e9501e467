import type { AttributeKind } from '$lib/core/rows/contacts';
import { parseAttributeValue } from '$lib/records/contacts/values';

/** What the values of a column look like: the strictest kind that all of them fit. */
export function guessKind(values: readonly string[]): AttributeKind {
  const given = values.filter((value) => value.trim() !== '');
  if (given.length === 0) return 'text';
  const fits = (kind: AttributeKind) => given.every((value) => parseAttributeValue({ name: '', kind }, value).ok);
  if (fits('date')) return 'date';
  // 0 and 1 are numbers and answers; a leading zero or a plus is neither (a postcode, a phone number).
  if (fits('yesNo') && !given.every((value) => /^\d+$/.test(value.trim()))) return 'yesNo';
  const isCode = given.some((value) => /^\s*(0\d|\+)/.test(value));
  return !isCode && fits('number') ? 'number' : 'text';
}
