import type { Id } from '$lib/core/ids';
import type { EventRow } from '$lib/core/rows/events';
import Dexie from 'dexie';
import type { WorkspaceDatabase } from '../database';
import type { Page } from './page';

/** Which events: null means all. */
export interface EventsShown {
  readonly type: string | null;
  readonly contactId: Id | null;
  readonly source: string | null;
}

/** In the order in which they were received, newest first; those of one contact in the order in which they occurred. */
export function eventPage(
  database: WorkspaceDatabase,
  { type, contactId, source, offset, limit }: EventsShown & Page
): Promise<EventRow[]> {
  const found = ordered(database, type, contactId).reverse();
  const isMeant = (event: EventRow): boolean =>
    (type === null || event.type === type) && (source === null || event.source === source);
  const isPlain = source === null && (type === null || contactId === null);
  return (isPlain ? found : found.filter(isMeant)).offset(offset).limit(limit).toArray();
}

/** Ids are in the order of time, and stand behind the type in the index. */
function ordered({ events }: WorkspaceDatabase, type: string | null, contactId: Id | null) {
  if (contactId !== null)
    return events.where('[contactId+occurredAt]').between([contactId, Dexie.minKey], [contactId, Dexie.maxKey]);
  return type === null ? events.orderBy('id') : events.where('type').equals(type);
}

/** The sources that have yielded anything, by their ids. */
export async function knownSources(database: WorkspaceDatabase): Promise<string[]> {
  return (await database.cursors.toCollection().primaryKeys()).map(String).sort();
}

/** Push subscriptions and passes of a contact. */
export async function devicesByContact(
  database: WorkspaceDatabase,
  contactId: Id
): Promise<{ kind: 'push' | 'pass'; value: string }[]> {
  const rows = await database.identities.where('contactId').equals(contactId).toArray();
  return rows.flatMap(({ kind, value }) => (kind === 'push' || kind === 'pass' ? [{ kind, value }] : []));
}
