import type { AttributeValue, Contact } from '$lib/core/rows/contacts';
import type { Id } from '$lib/core/ids';
import { fold } from '$lib/filters/text';
import type { WorkspaceDatabase } from '../database';

/** By the time of creation (ids are in the order of time), by address, or by one attribute. Those without the value come last. */
export type ContactSort =
  | { readonly by: 'created' | 'email'; readonly descending: boolean }
  | { readonly by: 'attribute'; readonly attributeId: string; readonly descending: boolean };

export const NEWEST_FIRST: ContactSort = { by: 'created', descending: true };

export interface ContactsShown {
  /** null: all contacts. */
  readonly listId: Id | null;
  /** Words that must all be found in the address, the phone, the external id or the attributes; '' finds all. */
  readonly search: string;
  readonly sort: ContactSort;
}

/** Rows read at once: screens must be able to draw in between. */
const BATCH = 2_000;

/**
 * Ids of the contacts that a view of the table shows, in its order. Hidden and merged contacts are left out. Without a search, and
 * by creation or address, only keys and identities are read; else every contact is.
 */
export async function contactOrder(
  database: WorkspaceDatabase,
  { listId, search, sort }: ContactsShown
): Promise<Id[]> {
  const terms = fold(search).split(/\s+/).filter(Boolean);
  if (sort.by === 'attribute' || terms.length > 0) return orderByRows(database, { listId, sort, terms });
  const ids = withoutThese(await idsOf(database, listId), await hiddenIds(database));
  return sort.by === 'email' ? orderByEmail(database, ids, sort.descending) : directed(ids, sort.descending);
}

/** Contacts that no screen shows: about to be erased, or merged into another one. */
export async function hiddenIds(database: WorkspaceDatabase): Promise<Set<Id>> {
  const { contacts } = database;
  const [hidden, merged] = await Promise.all([
    contacts.orderBy('hiddenAt').primaryKeys(),
    contacts.orderBy('mergedInto').primaryKeys()
  ]);
  return new Set([...hidden, ...merged]);
}

/** Owners of addresses in their alphabetical order, whatever their capitals. */
export async function ownersByEmail(database: WorkspaceDatabase, descending: boolean, limit = Infinity): Promise<Id[]> {
  const owners: Id[] = [];
  let range: readonly [string, string] = ['', LAST];
  for (let wanted = Math.min(BATCH, limit); wanted > 0; wanted = Math.min(BATCH, limit - owners.length)) {
    const [from, to] = range;
    // Both ends are addresses that were read already, or none.
    const part = database.identities.where('[kind+value]').between(['email', from], ['email', to], false, false);
    const batch = await (descending ? part.reverse() : part).limit(wanted).toArray();
    for (const { contactId } of batch) owners.push(contactId);
    const last = batch[batch.length - 1];
    if (last === undefined || batch.length < wanted) break;
    range = descending ? [from, last.value] : [last.value, to];
  }
  return owners;
}

/** After every address. */
const LAST = '\uffff';

function idsOf(database: WorkspaceDatabase, listId: Id | null): Promise<Id[]> {
  const { contacts } = database;
  return (listId === null ? contacts.toCollection() : contacts.where('listIds').equals(listId)).primaryKeys();
}

async function orderByEmail(database: WorkspaceDatabase, ids: readonly Id[], descending: boolean): Promise<Id[]> {
  const shown = new Set(ids);
  const withEmail = new Set<Id>();
  for (const id of await ownersByEmail(database, descending)) if (shown.has(id)) withEmail.add(id);
  return [...withEmail, ...ids.filter((id) => !withEmail.has(id))];
}

async function orderByRows(
  database: WorkspaceDatabase,
  { listId, sort, terms }: { listId: Id | null; sort: ContactSort; terms: readonly string[] }
): Promise<Id[]> {
  const found: { id: Id; value: AttributeValue | undefined }[] = [];
  for await (const batch of batchesOf(database, listId))
    for (const contact of batch)
      if (isShown(contact) && matches(contact, terms)) found.push({ id: contact.id, value: valueOf(contact, sort) });
  const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' });
  const compare = (left: AttributeValue, right: AttributeValue): number =>
    typeof left === 'number' && typeof right === 'number'
      ? left - right
      : collator.compare(String(left), String(right));
  if (sort.by === 'created') return directed(found, sort.descending).map(({ id }) => id);
  const sign = sort.descending ? -1 : 1;
  return found
    .sort((left, right) => {
      if (left.value === undefined || right.value === undefined)
        return Number(left.value === undefined) - Number(right.value === undefined);
      return sign * compare(left.value, right.value);
    })
    .map(({ id }) => id);
}

async function* batchesOf(database: WorkspaceDatabase, listId: Id | null): AsyncIterable<Contact[]> {
  const { contacts } = database;
  if (listId !== null) {
    const ids = await idsOf(database, listId);
    for (let start = 0; start < ids.length; start += BATCH)
      yield (await contacts.bulkGet(ids.slice(start, start + BATCH))).filter((row) => row !== undefined);
    return;
  }
  let batch = await contacts.toCollection().limit(BATCH).toArray();
  while (batch.length > 0) {
    yield batch;
    const last = batch[batch.length - 1] as Contact;
    batch = await contacts.where('id').above(last.id).limit(BATCH).toArray();
  }
}

function valueOf({ email, attributes }: Contact, sort: ContactSort): AttributeValue | undefined {
  return sort.by === 'attribute' ? attributes[sort.attributeId] : sort.by === 'email' ? email : undefined;
}

function matches({ email, phone, externalId, attributes }: Contact, terms: readonly string[]): boolean {
  if (terms.length === 0) return true;
  const texts = [email, phone, externalId, ...Object.values(attributes)].filter((value) => value !== undefined);
  const text = fold(texts.join(' '));
  return terms.every((term) => text.includes(term));
}

export function isShown({ hiddenAt, mergedInto }: Contact): boolean {
  return hiddenAt === undefined && mergedInto === undefined;
}

function withoutThese(ids: Id[], left: ReadonlySet<Id>): Id[] {
  return left.size === 0 ? ids : ids.filter((id) => !left.has(id));
}

function directed<T>(ascending: T[], descending: boolean): T[] {
  return descending ? ascending.reverse() : ascending;
}
