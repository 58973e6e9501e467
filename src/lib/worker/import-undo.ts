import { remove, update } from '$lib/core/changes';
import type { Effect } from '$lib/core/definitions';
import type { Id } from '$lib/core/ids';
import { failed, ok, type Result } from '$lib/core/result';
import type { Contact, ImportBlock, ImportRow } from '$lib/core/rows/contacts';
import { words } from '$lib/core/words';
import { together } from '$lib/records/contacts/cause';
import { removeFromList } from '$lib/records/contacts/membership';
import type { Transaction } from '$lib/storage/port';
import { erasure } from './erasing';
import { leaveToRunner, type ImportPorts } from './imports';

const CONTACTS_AT_ONCE = 500;

/**
 * Takes an import back, block by block. A contact that it made is erased, unless somebody or an automation has changed it since the
 * import ended; a contact that it added to its list leaves it, if it is still on it since then. What it changed in contacts that were
 * there before stays. Returns how many contacts were erased or left the list.
 */
export async function undoImport(ports: ImportPorts, importId: Id): Promise<Result<number>> {
  const { storage, now } = ports;
  const row = await storage.read((reader) => reader.get('imports', importId));
  if (row === undefined || row.status === 'running' || row.status === 'undone')
    return failed(words('words.import.cannot_be_undone'));
  let undone = 0;
  for (let more = true; more;) {
    const count = await storage.transact((transaction) => undoSome(ports, transaction, row));
    more = count !== null;
    undone += count ?? 0;
  }
  await storage.commit([update('imports', importId, { status: 'undone', endedAt: row.endedAt ?? now() })]);
  return ok(undone);
}

/** Part of the last block that is left; null where none is. */
async function undoSome(ports: ImportPorts, transaction: Transaction, row: ImportRow): Promise<number | null> {
  const { accept = leaveToRunner, now, newId } = ports;
  const given = { now: now(), newId, via: 'import' as const };
  const [block] = await transaction.query('importBlocks', { from: [row.id, 0], to: [row.id, Infinity], reverse: true, limit: 1 }); // prettier-ignore
  if (block === undefined) return null;
  const created = block.created.slice(-CONTACTS_AT_ONCE);
  const listed = created.length > 0 ? [] : block.listed.slice(-CONTACTS_AT_ONCE);
  const contacts = (await transaction.getMany('contacts', [...created, ...listed])).filter((one) => one !== undefined);
  const untouched = contacts.filter((contact) => created.includes(contact.id) && isUntouched(contact, row));
  const others = contacts.filter((contact) => !untouched.includes(contact) && wasListedBy(contact, row));
  const own = rest(block, created.length, listed.length);
  // Deals were made by hand since: they stay, without these contacts.
  const erased = (await erasure(transaction, untouched, given.now, new Set())).filter(
    ({ table, id }) => table !== 'importBlocks' || String(id) !== String([block.importId, block.seq])
  );
  const effect = together(
    { changes: erased, events: [] },
    ...others.map((contact) => removeFromList(contact, row.listId ?? '', given)),
    { changes: own, events: [] }
  );
  await accept(transaction, effect);
  return untouched.length + others.length;
}

function rest(block: ImportBlock, created: number, listed: number): Effect['changes'] {
  const key = [block.importId, block.seq];
  const left = {
    created: block.created.slice(0, block.created.length - created),
    listed: block.listed.slice(0, block.listed.length - listed)
  };
  return [
    left.created.length + left.listed.length === 0 ? remove('importBlocks', key) : update('importBlocks', key, left)
  ];
}

function isUntouched(contact: Contact, row: ImportRow): boolean {
  return contact.updatedAt <= (row.endedAt ?? Infinity);
}

function wasListedBy({ listIds, listedAt }: Contact, { listId, startedAt, endedAt }: ImportRow): boolean {
  if (listId === null || !listIds.includes(listId)) return false;
  const at = listedAt[listId] ?? -Infinity;
  return at >= startedAt && at <= (endedAt ?? Infinity);
}
