import type { Attribute } from '$lib/core/rows/contacts';
import { m } from '$lib/i18n';
import type { ExportColumn } from '$lib/records/contacts/export';

/** What an export can hold, under headers that an import knows again. */
export function exportColumns(attributes: readonly Attribute[]): { column: ExportColumn; header: string }[] {
  return [
    { column: 'email', header: m['contacts.email']() },
    { column: 'phone', header: m['contacts.phone']() },
    ...attributes.map(({ id, name }) => ({ column: `attribute:${id}` as const, header: name })),
    { column: 'lists', header: m['contacts.lists']() },
    { column: 'blocked', header: m['contacts.exportBlocked']() },
    { column: 'externalId', header: m['contacts.externalId']() },
    { column: 'createdAt', header: m['contacts.added']() }
  ];
}
