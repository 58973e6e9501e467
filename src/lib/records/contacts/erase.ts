import { create, remove, update, type Change } from '$lib/core/changes';
import type { Effect } from '$lib/core/definitions';
import type { Instant } from '$lib/core/instants';
import type { Contact } from '$lib/core/rows/contacts';
import type { Deal } from '$lib/core/rows/crm';
import { CONTACT_TABLES, keyOf, type TableName, type Tables } from '$lib/core/tables';

/** Rows that hold the contact's personal data, as the transaction has found them. */
export type PersonalRows = { readonly [T in (typeof CONTACT_TABLES)[number]]: readonly Tables[T][] };

/** Hides the contact from every screen; some seconds later it is erased, unless it is shown again. */
export function hideContact(contact: Contact, now: Instant): Effect {
  return { changes: [update('contacts', contact.id, { hiddenAt: now })], events: [] };
}

/** Hides the contact for good: nobody is there to take it back, and the runner erases it at its next look. */
export function eraseSoon(contact: Contact): Effect {
  return { changes: [update('contacts', contact.id, { hiddenAt: 0 })], events: [] };
}

export function showContact(contact: Contact): Effect {
  return { changes: [update('contacts', contact.id, { hiddenAt: undefined })], events: [] };
}

/**
 * Erases the contact everywhere and leaves a tombstone of its id: enrolments end and outbox rows are cancelled by being gone.
 * Reactions to its messages (`reactionIds`) and its deals go with these. `erased`: all who are erased in the same transaction.
 */
export function eraseContact(
  contact: Pick<Contact, 'id'>,
  rows: PersonalRows,
  now: Instant,
  reactionIds: readonly string[] = [],
  deals: readonly Deal[] = [],
  erased: ReadonlySet<string> = new Set([contact.id])
): Effect {
  const changes: Change[] = [
    ...CONTACT_TABLES.flatMap((table) => removals(table, rows[table])),
    ...reactionIds.map((id) => remove('reactions', id)),
    ...deals.map((deal) => withoutContact(deal, contact.id, erased)),
    remove('contacts', contact.id),
    create('tombstones', contact.id, { id: contact.id, at: now })
  ];
  return { changes, events: [] };
}

/** A deal that was with those erased alone goes with them; the others' and companies' lose them. */
function withoutContact(deal: Deal, contactId: string, erased: ReadonlySet<string>): Change {
  return goesWith(deal, erased)
    ? remove('deals', deal.id)
    : { table: 'deals', id: deal.id, removeFromSet: { contactIds: [contactId] } };
}

/** Whether a deal is nobody's but theirs who are erased. */
export function goesWith({ contactIds, companyId }: Deal, erased: ReadonlySet<string>): boolean {
  return companyId === undefined && contactIds.every((one) => erased.has(one));
}

function removals<T extends TableName>(table: T, rows: readonly Tables[T][]): Change[] {
  return rows.map((row) => remove(table, keyOf(table, row)) as Change);
}
