import type { Id } from '$lib/core/ids';
import type { Contact } from '$lib/core/rows/contacts';
import type { LedgerRow, Membership, Program, Voucher } from '$lib/core/rows/loyalty';
import type { WorkspaceDatabase } from '../database';
import type { Page } from './page';

/** By name. */
export async function programs(database: WorkspaceDatabase): Promise<Program[]> {
  const collator = new Intl.Collator(undefined, { numeric: true });
  return (await database.programs.toArray()).sort((left, right) => collator.compare(left.name, right.name));
}

export function programById(database: WorkspaceDatabase, id: Id): Promise<Program | undefined> {
  return database.programs.get(id);
}

/** Memberships of each programme, by its id; those that have ended count as well. */
export async function memberCounts(database: WorkspaceDatabase): Promise<Record<Id, number>> {
  const ids = await database.programs.toCollection().primaryKeys();
  const counts = await Promise.all(ids.map((id) => database.memberships.where('programId').equals(id).count()));
  return Object.fromEntries(ids.map((id, at) => [id, counts[at] ?? 0]));
}

/** A row of a programme, and whose it is. */
export interface Owned<T> {
  readonly row: T;
  readonly contact: Contact | undefined;
}

/** Contacts that were made last come first. */
export function membersByProgram(database: WorkspaceDatabase, programId: Id, page: Page): Promise<Owned<Membership>[]> {
  const { offset, limit } = page;
  const rows = database.memberships.where('programId').equals(programId).reverse().offset(offset).limit(limit);
  return rows.toArray().then((found) => withContacts(database, found));
}

/** Newest first: ids are in the order of time. */
export function ledgerByProgram(database: WorkspaceDatabase, programId: Id, page: Page): Promise<Owned<LedgerRow>[]> {
  const { offset, limit } = page;
  const ofProgram = database.ledger.reverse().filter((row) => row.programId === programId);
  return ofProgram
    .offset(offset)
    .limit(limit)
    .toArray()
    .then((found) => withContacts(database, found));
}

/** Newest first. */
export function vouchersByProgram(database: WorkspaceDatabase, programId: Id, page: Page): Promise<Owned<Voucher>[]> {
  const { offset, limit } = page;
  const rows = database.vouchers.where('programId').equals(programId).reverse().offset(offset).limit(limit);
  return rows.toArray().then((found) => withContacts(database, found));
}

/** All that the loyalty programmes hold of a contact: movements and vouchers newest first. */
export async function loyaltyByContact(
  database: WorkspaceDatabase,
  contactId: Id
): Promise<{ memberships: Membership[]; ledger: LedgerRow[]; vouchers: Voucher[] }> {
  const of = { contactId };
  const [memberships, ledger, vouchers] = await Promise.all([
    database.memberships.where(of).toArray(),
    database.ledger.where(of).toArray(),
    database.vouchers.where(of).toArray()
  ]);
  return {
    memberships: memberships.sort((left, right) => left.joinedAt - right.joinedAt),
    ledger: ledger.sort((left, right) => right.at - left.at || (left.id < right.id ? 1 : -1)),
    vouchers: vouchers.sort((left, right) => right.createdAt - left.createdAt)
  };
}

async function withContacts<T extends { contactId: Id }>(
  database: WorkspaceDatabase,
  rows: readonly T[]
): Promise<Owned<T>[]> {
  const contacts = await database.contacts.bulkGet(rows.map(({ contactId }) => contactId));
  return rows.map((row, at) => ({ row, contact: contacts[at] }));
}
