import type { EnrolmentStatus } from '$lib/core/rows/automations';
import type { Contact } from '$lib/core/rows/contacts';
import type { Id } from '$lib/core/ids';
import type { Tables } from '$lib/core/tables';
import Dexie from 'dexie';
import type { WorkspaceDatabase } from '../database';
import { contactOrder, hiddenIds, isShown, ownersByEmail, type ContactsShown } from './contact-order';
import { outboxIdsAway, shown } from './messages';
import type { Page } from './page';

/** In the order of the ids; those that are no longer there are left out. */
export async function contactsById(database: WorkspaceDatabase, ids: readonly Id[]): Promise<Contact[]> {
  return (await database.contacts.bulkGet([...ids])).filter((row) => row !== undefined);
}

export function contactById(database: WorkspaceDatabase, id: Id): Promise<Contact | undefined> {
  return database.contacts.get(id);
}

/** The first rows of the table at once, before `contactOrder` has read the whole order. */
export async function firstContacts(
  database: WorkspaceDatabase,
  { listId, sort, limit }: Omit<ContactsShown, 'search'> & { readonly limit: number }
): Promise<Contact[]> {
  if (sort.by === 'created') {
    const { contacts } = database;
    // A filter would have the database give one row after the other. Few are hidden: they are left out afterwards.
    for (let asked = limit; ; asked *= 2) {
      const all = listId === null ? contacts.toCollection() : contacts.where('listIds').equals(listId);
      const rows = await (sort.descending ? all.reverse() : all).limit(asked).toArray();
      const found = rows.filter(isShown);
      if (found.length >= limit || rows.length < asked) return found.slice(0, limit);
    }
  }
  if (sort.by === 'email' && listId === null) {
    const hidden = await hiddenIds(database);
    const owners = await ownersByEmail(database, sort.descending, limit + hidden.size);
    const ids = [...new Set(owners)].filter((id) => !hidden.has(id)).slice(0, limit);
    if (ids.length === limit) return contactsById(database, ids);
  }
  const ids = await contactOrder(database, { listId, sort, search: '' });
  return contactsById(database, ids.slice(0, limit));
}

export async function contactCount(database: WorkspaceDatabase): Promise<number> {
  const [all, hidden] = await Promise.all([database.contacts.count(), hiddenIds(database)]);
  return all - hidden.size;
}

/** How many contacts are on each list, by its id. */
export async function contactCountsByList(database: WorkspaceDatabase): Promise<Record<Id, number>> {
  const { contacts, lists } = database;
  const listIds = await lists.toCollection().primaryKeys();
  const hidden = await contactsById(database, [...(await hiddenIds(database))]);
  const counts = await Promise.all(listIds.map((id) => contacts.where('listIds').equals(id).count()));
  return Object.fromEntries(
    listIds.map((id, at) => [
      id,
      (counts[at] as number) - hidden.filter((contact) => contact.listIds.includes(id)).length
    ])
  );
}

/** Newest first. */
export function eventsByContact(
  database: WorkspaceDatabase,
  contactId: Id,
  { offset, limit }: Page,
  prefixes: readonly string[] | null = null
): Promise<Tables['events'][]> {
  const found = database.events
    .where('[contactId+occurredAt]')
    .between([contactId, Dexie.minKey], [contactId, Dexie.maxKey])
    .reverse();
  const isMeant = ({ type }: Tables['events']): boolean => prefixes?.some((prefix) => type.startsWith(prefix)) ?? true;
  return (prefixes === null ? found : found.filter(isMeant)).offset(offset).limit(limit).toArray();
}

/** Last entered first. */
export async function enrolmentsByContact(
  database: WorkspaceDatabase,
  contactId: Id,
  statuses?: readonly EnrolmentStatus[]
): Promise<Tables['enrolments'][]> {
  const rows = await database.enrolments.where('contactId').equals(contactId).toArray();
  const wanted = statuses === undefined ? rows : rows.filter(({ status }) => statuses.includes(status));
  return wanted.sort((left, right) => right.enteredAt - left.enteredAt);
}

/** What was sent to the contact, or is on its way: last first. */
export async function outboxByContact(database: WorkspaceDatabase, contactId: Id): Promise<Tables['outbox'][]> {
  const [rows, away] = await Promise.all([
    database.outbox.where('contactId').equals(contactId).toArray(),
    outboxIdsAway(database)
  ]);
  return rows.map((row) => shown(row, away)).sort((left, right) => right.createdAt - left.createdAt);
}
