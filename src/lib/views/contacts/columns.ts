import type { ContactSort } from '$lib/app/queries';
import type { Attribute, Contact } from '$lib/core/rows/contacts';
import { day, m } from '$lib/i18n';
import type { Column, Sort } from '$lib/ui/table';
import { attributeText, contactName } from './contact-words';

/** Attributes that the name is made from. */
const IN_NAME: readonly string[] = ['FIRSTNAME', 'LASTNAME'];
const DEFAULT_COLUMNS: readonly string[] = ['email', 'lists', 'created'];

/** Every column that can be shown beside the name, in its order. */
export function optionalColumns(attributes: readonly Attribute[], now: number): Column<Contact>[] {
  return [
    { id: 'email', label: m['contacts.email'](), width: 200, grow: 1.4, sortable: true, text: ({ email }) => email },
    { id: 'lists', label: m['contacts.lists'](), width: 180, grow: 1.4 },
    { id: 'phone', label: m['contacts.phone'](), width: 130, grow: 0.6, text: ({ phone }) => phone },
    ...attributes.filter(({ id }) => !IN_NAME.includes(id)).map(attributeColumn),
    {
      id: 'created',
      label: m['contacts.added'](),
      width: 110,
      grow: 0.4,
      align: 'end',
      sortable: true,
      text: ({ createdAt }) => day(createdAt, now)
    }
  ];
}

function attributeColumn(attribute: Attribute): Column<Contact> {
  return {
    id: `attribute:${attribute.id}`,
    label: attribute.name,
    width: 120,
    grow: 0.6,
    sortable: true,
    align: attribute.kind === 'number' || attribute.kind === 'date' ? 'end' : 'start',
    text: ({ attributes }) => attributeText(attribute, attributes[attribute.id])
  };
}

/** The columns shown: the name, then those chosen. */
export function shownColumns(
  optional: readonly Column<Contact>[],
  chosen: readonly string[] | null
): Column<Contact>[] {
  const wanted = chosen ?? DEFAULT_COLUMNS;
  return [
    { id: 'name', label: m['contacts.name'](), width: 180, grow: 1, sortable: true, text: contactName },
    ...optional.filter(({ id }) => wanted.includes(id))
  ];
}

export function toContactSort({ column, direction }: Sort): ContactSort {
  const descending = direction === 'descending';
  if (column === 'name') return { by: 'attribute', attributeId: 'FIRSTNAME', descending };
  if (column.startsWith('attribute:'))
    return { by: 'attribute', attributeId: column.slice('attribute:'.length), descending };
  return { by: column === 'email' ? 'email' : 'created', descending };
}
