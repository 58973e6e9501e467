import { create, remove, update, type Change } from '$lib/core/changes';
import type { Id } from '$lib/core/ids';
import type { Instant } from '$lib/core/instants';
import type { Enrolment } from '$lib/core/rows/automations';
import type { Contact } from '$lib/core/rows/contacts';
import { membershipId, type Membership } from '$lib/core/rows/loyalty';
import type { OutboxRow } from '$lib/core/rows/messages';
import { WAITS_FOR_PERSON, wakeKey, wakeParts } from '$lib/core/wakes';
import { words } from '$lib/core/words';
import { NEVER } from '$lib/engine/sending';
import { identityKey } from '$lib/records/contacts/identity';
import type { Transaction } from '$lib/storage/port';
import { asApplied } from '$lib/sync/capture';
import { withoutContent } from '../content';
import { isInDoubt } from '../giving-up';
import { personalRows } from '../personal-rows';
import { leftOf } from '../merged';
import { isOlder, type Pair } from './identities';

/**
 * Makes one of contacts that turned out to be one person: the one that was there first stays, has the lists of both, and of the other
 * what it lacks itself. All that is of the other follows. Every device comes to the same, whichever does it. Returns all of them.
 */
export async function unite(transaction: Transaction, pairs: readonly Pair[], now: Instant): Promise<Id[]> {
  const changed: Id[] = [];
  for (const pair of pairs) {
    const left = await leftOf(transaction, [pair.kept.id, pair.other.id]);
    const [one, two] = await transaction.getMany('contacts', [left(pair.kept.id) ?? '', left(pair.other.id) ?? '']);
    if (one === undefined || two === undefined || one.id === two.id) continue;
    const [kept, other] = isOlder(one, two) ? [one, two] : [two, one];
    await transaction.apply(await united(transaction, kept, other));
    await follow(transaction, other.id, kept.id, now);
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
  const changed: Change = { table: 'contacts', id: kept.id, set, addToSet: { listIds: other.listIds } };
  changes.push(changed);
  return changes;
}

/** All that is of one contact becomes the other's. */
export async function follow(transaction: Transaction, from: Id, to: Id, now: Instant): Promise<void> {
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
  const own = personal(to).rows;
  changes.push(...journeys(rows.enrolments, own.enrolments, [...rows.outbox, ...own.outbox], to, now));
  await transaction.apply(asApplied(derived(rows.enrolments, own.enrolments, to)));
  changes.push(...memberships(rows.memberships, personal(to).rows.memberships, to));
  for (const { id, programId } of rows.ledger)
    changes.push(update('ledger', id, { contactId: to, membershipId: membershipId(programId, to) }));
  await transaction.apply(changes);
}

/** Of two journeys through one automation the one that is further on stays. */
function journeys(
  theirs: readonly Enrolment[],
  own: readonly Enrolment[],
  messages: readonly OutboxRow[],
  to: Id,
  now: Instant
): Change[] {
  const changes: Change[] = [];
  for (const one of theirs) {
    changes.push(update('enrolments', one.id, { contactId: to }));
    const rival = own.find((other) => other.automationId === one.automationId && isOnItsWay(other));
    if (rival === undefined || !isOnItsWay(one)) continue;
    changes.push(...endedFor(isFurther(one, rival) ? rival : one, messages, now));
  }
  return changes;
}

/**
 * What follows from whose journeys these are now, on each device by itself: the index by which events find them, and that by their new
 * name they have been in as well, since it is the id that lets somebody in once. Of that a journey that another device knows of, which
 * really goes by that id, is the newer.
 */
function derived(theirs: readonly Enrolment[], own: readonly Enrolment[], to: Id): Change[] {
  return theirs.flatMap((one): Change[] => {
    const entered = idFor(one, to);
    const isNew = !own.some(({ id }) => id === entered);
    return [
      ...rewoken({ ...one, contactId: to }),
      ...(isNew ? [create('enrolments', entered, enteredAs(one, entered, to))] : [])
    ];
  });
}

function idFor({ id, automationId, contactId }: Enrolment, to: Id): Id {
  const before = `${automationId}/${contactId}/`;
  return id.startsWith(before) ? `${automationId}/${to}/${id.slice(before.length)}` : `${automationId}/${to}/${id}`;
}

/** The same on every device, however far each knows the journey to be. */
function enteredAs({ automationId, versionId, enteredAt, event, seed }: Enrolment, id: Id, contactId: Id): Enrolment {
  return {
    id,
    automationId,
    versionId,
    contactId,
    status: 'exited',
    stepId: null,
    visits: {},
    enteredAt,
    since: enteredAt,
    event,
    sends: [],
    seed,
    seq: 0,
    moves: 0,
    endedAt: enteredAt,
    reason: words('words.sync.same_person')
  };
}

/**
 * Whose a journey is, is written by itself, and may have come from another device: the index by which events find it follows from that,
 * on each device.
 */
export function rewoken({ id, contactId, wakes }: Enrolment): Change[] {
  if (wakes === undefined) return [];
  const anew = wakes.map((wake) => {
    const [who, what] = wakeParts(wake);
    return who === WAITS_FOR_PERSON ? wake : wakeKey(contactId, what);
  });
  return anew.every((wake, at) => wake === wakes[at]) ? [] : [update('enrolments', id, { wakes: anew })];
}

export function isOnItsWay({ status }: Enrolment): boolean {
  return status === 'active' || status === 'waiting';
}

export function isFurther(one: Enrolment, other: Enrolment): boolean {
  const steps = ({ visits }: Enrolment): number => Object.values(visits).reduce((sum, times) => sum + times, 0);
  if (steps(one) !== steps(other)) return steps(one) > steps(other);
  return one.enteredAt < other.enteredAt || (one.enteredAt === other.enteredAt && one.id < other.id);
}

/** A journey that is over since another of the same person goes on. What it has made and not sent yet does not leave. */
export function endedFor({ id }: Enrolment, messages: readonly OutboxRow[], now: Instant): Change[] {
  const waiting = messages.filter(({ enrolmentId, status }) => enrolmentId === id && status === 'queued');
  return [update('enrolments', id, ended(now)), ...waiting.map(notSent)];
}

function notSent(row: OutboxRow): Change {
  // Whether an earlier try has arrived is for its user to say.
  if (isInDoubt(row))
    return update('outbox', row.id, { status: 'uncertain', reason: words('words.outbox.cut_off'), dueAt: NEVER });
  return update('outbox', row.id, {
    status: 'cancelled',
    reason: words('words.sync.same_person'),
    ...withoutContent(row)
  });
}

function ended(now: Instant): Readonly<Record<string, unknown>> {
  return {
    status: 'exited',
    stepId: null,
    dueAt: undefined,
    held: undefined,
    wait: undefined,
    wakes: undefined,
    endedAt: now,
    reason: words('words.sync.same_person')
  };
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
