import { create, remove, update, type Change } from '$lib/core/changes';
import type { Id } from '$lib/core/ids';
import type { Enrolment } from '$lib/core/rows/automations';
import type { Contact } from '$lib/core/rows/contacts';
import { membershipId, type Membership } from '$lib/core/rows/loyalty';
import { WAITS_FOR_PERSON, wakeKey, wakeParts } from '$lib/core/wakes';
import { identityKey } from '$lib/records/contacts/identity';
import type { Transaction } from '$lib/storage/port';
import { asApplied } from '$lib/sync/capture';
import { personalRows } from '../personal-rows';
import { leftOf } from '../merged';
import { isOlder, type Pair } from './identities';

/**
 * Makes one of contacts that turned out to be one person: the one that was there first stays, has the lists of both, and of the other
 * what it lacks itself. All that is of the other follows. Every device comes to the same, whichever does it. Returns all of them.
 */
export async function unite(transaction: Transaction, pairs: readonly Pair[]): Promise<Id[]> {
  const changed: Id[] = [];
  for (const pair of pairs) {
    const left = await leftOf(transaction, [pair.kept.id, pair.other.id]);
    const [one, two] = await transaction.getMany('contacts', [left(pair.kept.id) ?? '', left(pair.other.id) ?? '']);
    if (one === undefined || two === undefined || one.id === two.id) continue;
    const [kept, other] = isOlder(one, two) ? [one, two] : [two, one];
    await transaction.apply(await united(transaction, kept, other));
    await follow(transaction, other.id, kept.id);
    changed.push(kept.id, other.id);
  }
  return changed;
}

async function united(transaction: Transaction, kept: Contact, other: Contact): Promise<Change[]> {
  const set: Record<string, unknown> = {};
  for (const name of ['email', 'phone', 'externalId', 'ownerId', 'companyId', 'timeZone', 'blocklist'] as const)
    if (kept[name] === undefined && other[name] !== undefined) set[name] = other[name];
  for (const [id, value] of Object.entries(other.attributes))
    if (kept.attributes[id] === undefined) set[`attributes.${id}`] = value;
  for (const [id, at] of Object.entries(other.listedAt))
    if (kept.listedAt[id] === undefined) set[`listedAt.${id}`] = at;
  // Nobody has to be looked for by way of somebody else.
  const before = await transaction.query('contacts', { index: 'mergedInto', equals: other.id });
  const changes: Change[] = [other, ...before].map(({ id }) => update('contacts', id, { mergedInto: kept.id }));
  if (kept.hasMerged !== true) set.hasMerged = true;
  const changed: Change = { table: 'contacts', id: kept.id, set, addToSet: { listIds: other.listIds } };
  changes.push(changed);
  return changes;
}

/** All that is of one contact becomes the other's. */
export async function follow(transaction: Transaction, from: Id, to: Id): Promise<void> {
  const personal = await personalRows(transaction, [from, to]);
  const { rows, deals } = personal(from);
  const changes: Change[] = deals.map((deal) => ({
    table: 'deals',
    id: deal.id,
    addToSet: { contactIds: [to] },
    removeFromSet: { contactIds: [from] }
  }));
  for (const table of ['events', 'tasks', 'vouchers', 'outbox'] as const)
    for (const { id } of rows[table]) changes.push({ table, id, set: { contactId: to } });
  for (const { kind, value } of rows.identities)
    changes.push(update('identities', identityKey({ kind, value }), { contactId: to }));
  for (const block of rows.journal) changes.push(update('journal', [block.enrolmentId, block.seq], { contactId: to }));
  for (const { contactId, type } of rows.rollups) changes.push(remove('rollups', [contactId, type]));
  for (const { checkId } of rows.checkMembers) {
    changes.push(remove('checkMembers', [checkId, from]));
    if ((await transaction.get('checkMembers', [checkId, to])) === undefined)
      changes.push(create('checkMembers', [checkId, to], { checkId, contactId: to }));
  }
  for (const { id } of rows.enrolments) changes.push(update('enrolments', id, { contactId: to }));
  await rewake(
    transaction,
    rows.enrolments.map((one) => ({ ...one, contactId: to }))
  );
  changes.push(...memberships(rows.memberships, personal(to).rows.memberships, to));
  for (const { id, programId } of rows.ledger)
    changes.push(update('ledger', id, { contactId: to, membershipId: membershipId(programId, to) }));
  await transaction.apply(changes);
}

/**
 * Whose a journey is, is written by itself, and may have come from another device: the index by which events find it follows from that,
 * on each device.
 */
export async function rewake(transaction: Transaction, enrolments: readonly Enrolment[]): Promise<void> {
  await transaction.apply(asApplied(enrolments.flatMap(rewoken)));
}

function rewoken({ id, contactId, wakes }: Enrolment): Change[] {
  if (wakes === undefined) return [];
  const anew = wakes.map((wake) => {
    const [who, what] = wakeParts(wake);
    return who === WAITS_FOR_PERSON ? wake : wakeKey(contactId, what);
  });
  return anew.every((wake, at) => wake === wakes[at]) ? [] : [update('enrolments', id, { wakes: anew })];
}

/** The balances follow from the ledger. */
function memberships(theirs: readonly Membership[], own: readonly Membership[], to: Id): Change[] {
  return theirs.flatMap((one): Change[] => {
    const id = membershipId(one.programId, to);
    const moved = own.some((other) => other.id === id)
      ? []
      : [create('memberships', id, { ...one, id, contactId: to })];
    return [remove('memberships', one.id), ...moved];
  });
}
