import { failed, ok, type Result } from '$lib/core/result';
import type { Attribute, AttributeValue } from '$lib/core/rows/contacts';
import { words } from '$lib/core/words';
import { readContact, type ContactFields } from '../contact-fields';
import { unguarded } from '../spreadsheet';
import { parseAttributeValue } from '../values';
import type { ImportMapping } from './mapping';

export interface RowsToRead {
  readonly headers: readonly string[];
  readonly mapping: ImportMapping;
  readonly attributes: ReadonlyMap<string, Attribute>;
  /** ISO 3166 country of phone numbers without a prefix. */
  readonly country: string;
}

interface Draft {
  email?: string;
  phone?: string;
  externalId?: string;
  attributes: Record<string, AttributeValue>;
}

/** Puts one column's text into the contact; words where it cannot. */
type Column = (draft: Draft, text: string) => Result<void>;
const DONE = ok(undefined);

/**
 * Reads the fields of one row of the file as a contact. What the columns become is worked out once. An empty field says nothing.
 * Refused with words: too few or too many fields, a value that does not fit, a row without address, number and id.
 */
export function rowReader(rows: RowsToRead): (fields: readonly string[]) => Result<ContactFields> {
  const { headers, mapping, country } = rows;
  const columns = headers.map((header) => columnOf(mapping[header] ?? null, rows.attributes));
  return (fields) => {
    if (fields.length !== headers.length && !isPadded(fields, headers.length))
      return failed(
        words(fields.length < headers.length ? 'words.import.too_few_fields' : 'words.import.too_many_fields', {
          found: fields.length,
          expected: headers.length
        })
      );
    const draft: Draft = { attributes: {} };
    for (let at = 0; at < columns.length; at++) {
      const column = columns[at];
      const text = fields[at];
      if (!column || !text) continue;
      const read = column(draft, unguarded(text));
      if (!read.ok) return read;
    }
    return readContact(draft, country);
  };
}

/** Spreadsheets like to end lines with empty fields. */
function isPadded(fields: readonly string[], expected: number): boolean {
  return fields.length > expected && fields.slice(expected).every((field) => field.trim() === '');
}

function columnOf(target: ImportMapping[string], attributes: RowsToRead['attributes']): Column | null {
  if (target === null) return null;
  if (target === 'email' || target === 'phone' || target === 'externalId')
    return (draft, text) => {
      draft[target] = text;
      return DONE;
    };
  const attribute = attributes.get(target.slice('attribute:'.length));
  if (attribute === undefined) return null;
  return (draft, text) => {
    const value = parseAttributeValue(attribute, text);
    if (!value.ok) return value;
    if (value.value !== null) draft.attributes[attribute.id] = value.value;
    return DONE;
  };
}
