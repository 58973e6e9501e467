import type { Id } from '$lib/core/ids';
import { failed, ok, type Result } from '$lib/core/result';
import { words } from '$lib/core/words';
import { exportedFields } from '$lib/records/contacts/export';
import { csvLine } from '$lib/records/contacts/spreadsheet';
import type { Storage } from '$lib/storage/port';
import type { ContactExport, Progress } from './drafts';

/** Contacts read at once: more would make the person wait for the word to stop. */
const BATCH = 1_000;

/**
 * The contacts as separated values, written batch by batch. `goesOn` is told how far it is and says whether to go on; refused with
 * words where it says no. Contacts that are gone meanwhile are left out.
 */
export async function exportContacts(
  storage: Storage,
  ids: readonly Id[],
  { columns, delimiter, mark, yes, no }: ContactExport,
  goesOn: (progress: Progress) => boolean | Promise<boolean> = () => true
): Promise<Result<Blob>> {
  const { attributes, lists } = await storage.read((reader) => reader.view());
  const place = { attributes, lists, yes, no };
  const wanted = columns.map(({ column }) => column);
  const headers = columns.map(({ header }) => header);
  let file = new Blob([mark ? '\ufeff' : '', `${csvLine(headers, delimiter)}\r\n`]);
  for (let start = 0; start < ids.length; start += BATCH) {
    if (!(await goesOn({ done: start, total: ids.length }))) return failed(words('words.export.stopped'));
    const contacts = await storage.read((reader) => reader.getMany('contacts', ids.slice(start, start + BATCH)));
    const lines = contacts.flatMap((contact) =>
      contact && contact.hiddenAt === undefined && contact.mergedInto === undefined
        ? [`${csvLine(exportedFields(contact, wanted, place), delimiter)}\r\n`]
        : []
    );
    file = new Blob([file, lines.join('')]);
  }
  return ok(new Blob([file], { type: 'text/csv;charset=utf-8' }));
}
