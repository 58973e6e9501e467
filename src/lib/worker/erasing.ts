import { update, type Change } from '$lib/core/changes';
import type { Id } from '$lib/core/ids';
import { SECOND, type Instant } from '$lib/core/instants';
import type { Contact } from '$lib/core/rows/contacts';
import type { Deal } from '$lib/core/rows/crm';
import { eraseContact, together } from '$lib/records/contacts';
import { traceChanges } from '$lib/records/contacts/traces';
import type { Reader, Transaction } from '$lib/storage/port';
import { personalRows } from './personal-rows';
import { sharedRows } from './traces';

/** How long a deleted contact can be brought back. */
const UNDO_TIME = 30 * SECOND;

const BATCH = 500;

/** Erases everywhere the contacts whose time for undo is over; returns how many. */
export async function eraseHidden(transaction: Transaction, now: Instant): Promise<number> {
  const due = await transaction.query('contacts', { index: 'hiddenAt', from: 0, to: now - UNDO_TIME, limit: BATCH });
  if (due.length === 0) return 0;
  const hidden = await withMerged(transaction, await withoutRecalls(transaction, due, now));
  await transaction.apply(await erasure(transaction, hidden, now, new Set(hidden.map(({ id }) => id))));
  return due.length;
}

/** Of a message that is handed over ahead: its provider has it, or may get it. */
const AT_PROVIDER: ReadonlySet<string> = new Set(['queued', 'scheduled', 'recalling']);

/**
 * Without those to whom a message is being taken back at its provider: once their rows are gone nobody could ask for that any more. They
 * are looked at again after another such time, and erased at the latest when the message has left.
 */
async function withoutRecalls(
  transaction: Transaction,
  contacts: readonly Contact[],
  now: Instant
): Promise<Contact[]> {
  const ids = contacts.map(({ id }) => id);
  const rows = await transaction.query('outbox', { index: 'contactId', anyOf: ids });
  const held = new Set(
    rows.flatMap(({ status, leavesAt = 0, contactId }) => (AT_PROVIDER.has(status) && leavesAt > now ? contactId : []))
  );
  await transaction.apply([...held].map((id) => update('contacts', id, { hiddenAt: now })));
  return contacts.filter(({ id }) => !held.has(id));
}

/**
 * What erases these contacts, everywhere. `alone`: those of them whose deals go with them where nobody else has a part in these.
 */
export async function erasure(
  transaction: Transaction,
  contacts: readonly Contact[],
  now: Instant,
  alone: ReadonlySet<Id>
): Promise<Change[]> {
  const personal = await personalRows(
    transaction,
    contacts.map(({ id }) => id)
  );
  const outboxIds = new Set<Id>();
  const deals: Deal[] = [];
  const effects = contacts.map((contact) => {
    const { rows, reactionIds, deals: theirs } = personal(contact.id);
    for (const { id } of rows.outbox) outboxIds.add(id);
    deals.push(...theirs);
    return eraseContact(contact, rows, now, reactionIds, theirs, alone);
  });
  const shared = await sharedRows(transaction, contacts, deals, outboxIds);
  const { changes } = together(...effects);
  const removed = new Set(changes.flatMap(({ table, id, delete: gone }) => (gone ? `${table} ${String(id)}` : [])));
  const traces = traceChanges(shared, contacts, outboxIds, alone);
  return [
    ...changes,
    ...traces.filter(({ table, id }) => !removed.has(`${table} ${String(id)}`)),
    ...(await testChanges(transaction, contacts))
  ];
}

/** Tests in the Sandbox's mailbox that were written for one of them, or sent to their address. */
async function testChanges(transaction: Transaction, contacts: readonly Contact[]): Promise<Change[]> {
  const row = await transaction.get('runtime', 'tests');
  if (row?.id !== 'tests') return [];
  const ids = new Set(contacts.map(({ id }) => id));
  const addresses = new Set(contacts.flatMap(({ email }) => email?.toLowerCase() ?? []));
  const messages = row.messages.filter(
    ({ contactId, request }) => !ids.has(contactId ?? '') && !addresses.has(request.to.email.toLowerCase())
  );
  return messages.length === row.messages.length ? [] : [update('runtime', 'tests', { messages })];
}

/** Somebody who was found to be the same person has the same data. */
async function withMerged(transaction: Transaction, contacts: readonly Contact[]): Promise<Contact[]> {
  const ids = contacts.map(({ id }) => id);
  const merged = await transaction.query('contacts', { index: 'mergedInto', anyOf: ids });
  return [...new Map([...contacts, ...merged].map((contact) => [contact.id, contact])).values()];
}

/** When the next contact is to be erased. */
export async function nextErasing(reader: Reader): Promise<Instant> {
  const [next] = await reader.query('contacts', { index: 'hiddenAt', from: 0, limit: 1 });
  return (next?.hiddenAt ?? Infinity) + UNDO_TIME;
}
