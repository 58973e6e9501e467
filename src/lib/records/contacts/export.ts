import type { Attribute, AttributeValue, Contact, List } from '$lib/core/rows/contacts';

/** What a column of an export holds. */
export type ExportColumn = 'email' | 'phone' | 'externalId' | 'lists' | 'blocked' | 'createdAt' | `attribute:${string}`;

export interface ExportPlace {
  readonly attributes: ReadonlyMap<string, Attribute>;
  readonly lists: ReadonlyMap<string, List>;
  /** How the language says it. */
  readonly yes: string;
  readonly no: string;
}

/**
 * The contact's values as texts, in the order of the columns, as an import reads them: numbers with a point, dates as `YYYY-MM-DD`,
 * choices by name, instants as ISO timestamps; '' for nothing.
 */
export function exportedFields(contact: Contact, columns: readonly ExportColumn[], place: ExportPlace): string[] {
  const answer = (value: boolean): string => (value ? place.yes : place.no);
  return columns.map((column) => {
    switch (column) {
      case 'email':
      case 'phone':
      case 'externalId':
        return contact[column] ?? '';
      case 'lists':
        return contact.listIds.flatMap((id) => place.lists.get(id)?.name ?? []).join(', ');
      case 'blocked':
        return answer(contact.blocklist?.campaigns === true);
      case 'createdAt':
        return new Date(contact.createdAt).toISOString();
      default: {
        const id = column.slice('attribute:'.length);
        const value = contact.attributes[id];
        if (value === undefined) return '';
        return typeof value === 'boolean' ? answer(value) : textOf(value, place.attributes.get(id));
      }
    }
  });
}

function textOf(value: Exclude<AttributeValue, boolean>, attribute: Attribute | undefined): string {
  if (Array.isArray(value)) return value.map((id) => optionText(id, attribute)).join(', ');
  return attribute?.kind === 'choice' ? optionText(String(value), attribute) : String(value);
}

/** Its name; its id where the name would be read as several. */
function optionText(id: string, attribute: Attribute | undefined): string {
  const name = attribute?.options?.find((option) => option.id === id)?.name;
  return name === undefined || (attribute?.kind === 'choices' && /[,;|]/.test(name)) ? id : name;
}
