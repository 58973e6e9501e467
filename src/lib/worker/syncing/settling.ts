import { update, type Change } from '$lib/core/changes';
import type { Id } from '$lib/core/ids';
import type { Instant } from '$lib/core/instants';
import { addToRollups, rollupKey } from '$lib/core/rollups';
import type { Contact } from '$lib/core/rows/contacts';
import type { EventRow, Rollup } from '$lib/core/rows/events';
import type { LedgerRow } from '$lib/core/rows/loyalty';
import { CONTACT_TABLES, keyOf, type TableName, type Tables } from '$lib/core/tables';
import type { Transaction } from '$lib/storage/port';
import { withinBalance } from '$lib/records/loyalty';
import { rollupChanges } from '$lib/storage/rollup-changes';
import { asApplied } from '$lib/sync/capture';
import type { Received } from '$lib/sync/receiving';
import { erasure } from '../erasing';
import { leftOf } from '../merged';
import { settleIdentities } from './identities';
import { endRivals, noteRivals } from './rivals';
import { follow, rewake, unite } from './uniting';

/**
 * What is received of one row or another may contradict what is here of others: all that follows is set right, in this transaction.
 * `runs`: whether this device runs the journeys.
 */
export async function settle(
  transaction: Transaction,
  received: readonly Received[],
  { now, runs }: { readonly now: Instant; readonly runs: boolean }
): Promise<void> {
  await eraseBuried(transaction, received, now);
  const united = await unite(transaction, await settleIdentities(transaction, received));
  const moved = await followMerged(transaction, received);
  await findAgain(transaction, received);
  const people = [...united, ...moved, ...travellers(received)];
  await (runs ? endRivals(transaction, people, now) : noteRivals(transaction, people));
  await countEvents(transaction, received, new Set([...united, ...moved]));
  await sumLedgers(transaction, received);
}

const OF_CONTACTS: ReadonlySet<TableName> = new Set(CONTACT_TABLES);

function contactOf(row: Tables[TableName] | undefined): Id | undefined {
  return (row as { contactId?: Id | null } | undefined)?.contactId ?? undefined;
}

/**
 * Whom another device has erased is erased here too, with what this one knew alone, and with whoever was found meanwhile to be the same
 * person. What comes later of them is not taken in.
 */
async function eraseBuried(transaction: Transaction, received: readonly Received[], now: Instant): Promise<void> {
  const named = new Set<Id>();
  for (const { table, key, after } of received) {
    if (table === 'tombstones' || table === 'contacts') named.add(String(key));
    const mergedInto = table === 'contacts' ? (after as Contact | undefined)?.mergedInto : undefined;
    const contactId = OF_CONTACTS.has(table) ? contactOf(after) : mergedInto;
    if (contactId !== undefined) named.add(contactId);
  }
  const buried = await buriedAmong(transaction, [...named]);
  if (buried.size === 0) return;
  const ids = [...buried, ...(await becomeOneWith(transaction, [...buried]))];
  const found = await transaction.getMany('contacts', ids);
  const contacts = found.map((contact, index): Contact => contact ?? nobody(ids[index] ?? ''));
  const changes = await erasure(transaction, contacts, now, new Set(ids));
  // What every device does by itself is not told once more.
  const isGone = new Set(ids.filter((_, index) => found[index] === undefined));
  const isTold = await buriedAmong(transaction, ids);
  await transaction.apply(
    changes.filter(({ table, id }) => {
      if (table === 'contacts') return !isGone.has(String(id));
      return table !== 'tombstones' || !isTold.has(String(id));
    })
  );
}

async function buriedAmong(transaction: Transaction, ids: readonly Id[]): Promise<Set<Id>> {
  return new Set((await transaction.getMany('tombstones', ids)).flatMap((one) => one?.id ?? []));
}

/** Whoever has become one with one of these, or with whoever has. */
async function becomeOneWith(transaction: Transaction, ids: readonly Id[]): Promise<Id[]> {
  const all = new Set<Id>();
  for (let ahead = ids; ahead.length > 0;) {
    const merged = await transaction.query('contacts', { index: 'mergedInto', anyOf: ahead });
    ahead = merged.flatMap(({ id }) => (all.has(id) || ids.includes(id) ? [] : id));
    for (const id of ahead) all.add(id);
  }
  return [...all];
}

function nobody(id: Id): Contact {
  return { id, attributes: {}, listIds: [], listedAt: {}, createdAt: 0, updatedAt: 0 };
}

/** What comes of somebody who has become one with another goes to that one. */
async function followMerged(transaction: Transaction, received: readonly Received[]): Promise<Id[]> {
  const named = new Set<Id>();
  for (const { table, key, after } of received) {
    if (after === undefined) continue;
    if (table === 'contacts' && (after as Contact).mergedInto !== undefined) named.add(String(key));
    else if (table === 'deals') for (const id of (after as Tables['deals']).contactIds) named.add(id);
    else if (OF_CONTACTS.has(table)) named.add(contactOf(after) ?? '');
  }
  named.delete('');
  const changed: Id[] = [];
  const left = await leftOf(transaction, [...named]);
  for (const id of named) {
    const last = left(id);
    if (last === undefined || last === id) continue;
    await follow(transaction, id, last);
    changed.push(id, last);
  }
  return changed;
}

/** Whose journeys have come. */
function travellers(received: readonly Received[]): Id[] {
  return received.flatMap(({ table, after }) => (table === 'enrolments' ? (contactOf(after) ?? []) : []));
}

/** A journey of whom another device has moved it to is found by that contact's events. */
async function findAgain(transaction: Transaction, received: readonly Received[]): Promise<void> {
  const ids = received.flatMap(({ table, key, after }) => (table === 'enrolments' && after !== undefined ? [String(key)] : [])); // prettier-ignore
  const enrolments = await transaction.getMany('enrolments', ids);
  await rewake(
    transaction,
    enrolments.flatMap((one) => one ?? [])
  );
}

/** Roll-ups: events that are new are counted in; where any went, or went to somebody else, all are counted anew. */
async function countEvents(
  transaction: Transaction,
  received: readonly Received[],
  changed: ReadonlySet<Id>
): Promise<void> {
  const added: EventRow[] = [];
  const anew = new Set<Id>(changed);
  for (const { table, key, before, after } of received) {
    if (table === 'contacts' && after === undefined) anew.add(String(key));
    if (table !== 'events') continue;
    if (before === undefined && after !== undefined) added.push(after as EventRow);
    else if (contactOf(before) !== contactOf(after))
      for (const id of [contactOf(before), contactOf(after)]) if (id !== undefined) anew.add(id);
  }
  // What was received of somebody who is erased has been taken out again.
  const ids = [...new Set(added.flatMap(({ contactId }) => contactId ?? []))];
  for (const [index, tombstone] of (await transaction.getMany('tombstones', ids)).entries())
    if (tombstone !== undefined) anew.add(ids[index] ?? '');
  const plain = added.filter(({ contactId }) => contactId !== null && !anew.has(contactId));
  for (const contactId of anew) await countAnew(transaction, contactId);
  await transaction.apply(await rollupChanges(transaction, plain));
}

async function countAnew(transaction: Transaction, contactId: Id): Promise<void> {
  const events = await transaction.query('events', {
    index: '[contactId+occurredAt]',
    from: [contactId, -Infinity],
    to: [contactId, Infinity]
  });
  const rollups = new Map<string, Rollup>();
  for (const event of events) addToRollups(rollups, event);
  const changes: Change[] = [];
  for (const row of await transaction.query('rollups', { from: [contactId, ''], to: [contactId, '\uffff'] })) {
    const key = rollupKey(row.contactId, row.type);
    const now = rollups.get(key);
    rollups.delete(key);
    const { count, firstAt, lastAt, lastId } = now ?? row;
    const id = keyOf('rollups', row);
    changes.push(
      now === undefined ? { table: 'rollups', id, delete: true } : { table: 'rollups', id, set: { count, firstAt, lastAt, lastId } } // prettier-ignore
    );
  }
  for (const row of rollups.values()) changes.push({ table: 'rollups', id: keyOf('rollups', row), create: row });
  await transaction.apply(changes);
}

/** Balances are the sums of their ledgers, whatever each device had summed up; and of lots no more is left than of these. */
async function sumLedgers(transaction: Transaction, received: readonly Received[]): Promise<void> {
  const ids = new Set<Id>();
  for (const { table, key, before, after } of received) {
    if (table === 'memberships') ids.add(String(key));
    if (table === 'ledger')
      for (const row of [before, after] as (LedgerRow | undefined)[]) if (row) ids.add(row.membershipId);
  }
  for (const membership of await transaction.getMany('memberships', [...ids])) {
    if (membership === undefined) continue;
    const { id } = membership;
    const index = { index: '[membershipId+at]', from: [id, -Infinity], to: [id, Infinity] } as const;
    const ledger = await transaction.query('ledger', index);
    const sums: Record<string, number> = {};
    for (const { balanceId, value } of ledger)
      sums[balanceId] = Math.round(100 * ((sums[balanceId] ?? 0) + value)) / 100;
    const set: Record<string, unknown> = {};
    const changes: Change[] = [];
    for (const [balanceId, sum] of Object.entries(sums)) {
      if (membership.balances[balanceId] !== sum) set[`balances.${balanceId}`] = sum;
      changes.push(...withinBalance(ledger, balanceId, sum));
    }
    if (Object.keys(set).length > 0) changes.push(update('memberships', id, set));
    await transaction.apply(asApplied(changes));
  }
}
