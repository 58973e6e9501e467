import { addDuration } from '$lib/core/calendar';
import { create, update, type Change } from '$lib/core/changes';
import type { Effect } from '$lib/core/definitions';
import {
  balanceExpired,
  balanceMaximumReached,
  balanceMinimumReached,
  balanceUpdated,
  tierUpdated
} from '$lib/core/events/loyalty';
import type { Id } from '$lib/core/ids';
import type { Instant } from '$lib/core/instants';
import { failed, ok, type Result } from '$lib/core/result';
import type { EventRow } from '$lib/core/rows/events';
import type { LedgerRow, LedgerType, Membership, Program } from '$lib/core/rows/loyalty';
import { words, type Words } from '$lib/core/words';
import { fact, type LoyaltyGiven } from './fact';
import { isPoints, tidy, tierOf } from './programs';

/** One contact's points in one programme. `lots`: ledger rows of this membership with something left, in any order. */
export interface Account {
  readonly program: Program;
  readonly membership: Membership;
  readonly lots: readonly LedgerRow[];
}

/** What a movement changes and causes, and the account after it. */
export interface Posted extends Effect {
  readonly account: Account;
}

/** Points, always positive here, to the hundredth. */
export interface Movement {
  readonly balanceId: Id;
  readonly points: number;
  readonly reason?: string;
}

/** Where earned points come from: their row's id is then a function of the event and the rule, so that they are earned once. */
export interface Origin {
  readonly ledgerId: Id;
  readonly eventId: Id;
  /** from when on they last */
  readonly since: Instant;
}

/** Points are added as a lot, which lasts as long as the balance says. */
export function earnPoints(account: Account, movement: Movement, given: LoyaltyGiven, origin?: Origin): Result<Posted> {
  return refusal(account, movement) ?? ok(added(account, 'earned', movement, given, origin));
}

/** Points are taken from the lots that expire first; never more than there are. What has expired by now is not there any more. */
export function redeemPoints(account: Account, movement: Movement, given: LoyaltyGiven): Result<Posted> {
  return taken(account, 'redeemed', movement, given);
}

/** A correction by the user: `points` above zero are added, below zero are taken. */
export function adjustPoints(account: Account, movement: Movement, given: LoyaltyGiven): Result<Posted> {
  if (movement.points > 0) return refusal(account, movement) ?? ok(added(account, 'adjusted', movement, given));
  return taken(account, 'adjusted', { ...movement, points: -movement.points }, given);
}

/** What is left of each lot that is due goes, in the order of their dates: each at its own instant. */
export function expireLots(account: Account, given: LoyaltyGiven): Posted {
  const due = account.lots
    .filter(({ dueAt }) => dueAt !== undefined && dueAt <= given.now)
    .sort((one, other) => (one.dueAt ?? 0) - (other.dueAt ?? 0) || one.at - other.at || (one.id < other.id ? -1 : 1));
  let after: Posted = { account, changes: [], events: [] };
  for (const lot of due) after = then(after, (before) => expireLot(before, lot, given));
  return after;
}

function expireLot(account: Account, lot: LedgerRow, given: LoyaltyGiven): Posted {
  const { left = 0, dueAt = given.now, balanceId } = lot;
  const emptied = withoutPoints(account, [{ lot, points: left }]);
  // Two devices that find it due, apart from each other, write one row.
  return post(emptied, { type: 'expired', balanceId, value: -left, at: dueAt }, given, `${lot.id}/expired`);
}

function taken(account: Account, type: LedgerType, movement: Movement, given: LoyaltyGiven): Result<Posted> {
  const refused = refusal(account, movement);
  if (refused) return refused;
  const present = expireLots(account, given);
  const { balanceId, points, reason } = movement;
  const balance = present.account.membership.balances[balanceId] ?? 0;
  if (points > balance) return failed(words('words.loyalty.not_enough', { asked: points, balance }));
  return ok(
    then(present, (before) =>
      post(
        withoutPoints(before, spent(before.lots, balanceId, points)),
        { type, balanceId, value: -points, at: given.now, ...(reason ? { reason } : {}) },
        given
      )
    )
  );
}

/** From which lots so many points are taken: what expires first goes first, then the oldest. */
function spent(lots: readonly LedgerRow[], balanceId: Id, points: number): { lot: LedgerRow; points: number }[] {
  const ordered = lots
    .filter((lot) => lot.balanceId === balanceId)
    .sort(
      (one, other) =>
        (one.dueAt ?? Infinity) - (other.dueAt ?? Infinity) || one.at - other.at || (one.id < other.id ? -1 : 1)
    );
  const parts: { lot: LedgerRow; points: number }[] = [];
  let missing = points;
  for (const lot of ordered) {
    if (missing <= 0) break;
    const part = Math.min(missing, lot.left ?? 0);
    parts.push({ lot, points: part });
    missing = tidy(missing - part);
  }
  return parts;
}

function added(
  account: Account,
  type: LedgerType,
  { balanceId, points, reason }: Movement,
  given: LoyaltyGiven,
  origin?: Origin
): Posted {
  const expiry = account.program.balances.find(({ id }) => id === balanceId)?.expiry ?? null;
  const dueAt = expiry === null ? undefined : addDuration(origin?.since ?? given.now, expiry, given.timeZone);
  const row = {
    type,
    balanceId,
    value: points,
    at: given.now,
    left: points,
    ...(dueAt === undefined ? {} : { dueAt }),
    ...(reason ? { reason } : {}),
    ...(origin ? { eventId: origin.eventId } : {})
  };
  return post({ account, changes: [], events: [] }, row, given, origin?.ledgerId);
}

/** Takes points off lots; nothing is due any more of a lot of which nothing is left. */
function withoutPoints(account: Account, parts: readonly { lot: LedgerRow; points: number }[]): Posted {
  const changes: Change[] = [];
  const lots = account.lots.flatMap((lot): LedgerRow[] => {
    const part = parts.find((one) => one.lot.id === lot.id);
    if (!part) return [lot];
    const left = tidy((lot.left ?? 0) - part.points);
    changes.push(lessOf(lot, part.points));
    return left > 0 ? [{ ...lot, left }] : [];
  });
  return { account: { ...account, lots }, changes, events: [] };
}

function lessOf(lot: LedgerRow, points: number): Change {
  const left = tidy((lot.left ?? 0) - points);
  return update('ledger', lot.id, left > 0 ? { left } : { left, dueAt: undefined });
}

/**
 * What is left of the lots of one balance is together the balance. It is more where two devices, apart from each other, have taken points
 * from one lot: as much goes off those that expire first, or points would expire that were spent. `ledger`: of one membership.
 */
export function withinBalance(ledger: readonly LedgerRow[], balanceId: Id, balance: number): Change[] {
  const lots = ledger.filter((row) => row.balanceId === balanceId && row.left !== undefined);
  const left = lots.reduce((sum, lot) => sum + (lot.left ?? 0), 0);
  const parts = spent(lots, balanceId, tidy(left - Math.max(0, balance)));
  const less = new Map(parts.map(({ lot, points }) => [lot.id, points]));
  // One device may have told the date of a lot of which another has taken the rest.
  const isDueInVain = (lot: LedgerRow): boolean => lot.left === 0 && lot.dueAt !== undefined;
  return lots.flatMap((lot) => {
    const points = less.get(lot.id) ?? 0;
    return points > 0 || isDueInVain(lot) ? [lessOf(lot, points)] : [];
  });
}

type Row = Omit<LedgerRow, 'id' | 'membershipId' | 'programId' | 'contactId' | 'balance'>;

/** The row, the balance after it, and what crossing a limit or a threshold causes. A member who has left is told nothing. */
function post(before: Posted, row: Row, given: LoyaltyGiven, id: Id = given.newId()): Posted {
  const { program, membership } = before.account;
  const { balanceId } = row;
  const was = membership.balances[balanceId] ?? 0;
  const balance = tidy(was + row.value);
  const balances = { ...membership.balances, [balanceId]: balance };
  const tierId = tierOf(program, balances);
  const line: LedgerRow = {
    id,
    membershipId: membership.id,
    programId: program.id,
    contactId: membership.contactId,
    ...row,
    balance
  };
  const hasChangedTier = tierId !== membership.tierId;
  const set = { [`balances.${balanceId}`]: balance, ...(hasChangedTier ? { tierId } : {}) };
  const events = membership.revokedAt === undefined ? eventsOf(before.account, line, was, tierId, given) : [];
  return {
    account: {
      program,
      membership: { ...membership, balances, tierId },
      lots: line.left === undefined ? before.account.lots : [...before.account.lots, line]
    },
    changes: [...before.changes, create('ledger', id, line), update('memberships', membership.id, set)],
    events: [...before.events, ...events]
  };
}

function eventsOf(
  { program, membership }: Account,
  { balanceId, type, value, balance, at }: LedgerRow,
  was: number,
  tierId: string | null,
  given: LoyaltyGiven
): EventRow[] {
  const { contactId, programId } = membership;
  const limits = program.balances.find(({ id }) => id === balanceId);
  const minimum = limits?.minimum ?? null;
  const maximum = limits?.maximum ?? null;
  const moved =
    type === 'expired'
      ? fact(balanceExpired, contactId, { programId, balanceId, expired: -value, balance }, given, at)
      : fact(balanceUpdated, contactId, { programId, balanceId, transactionType: type, value, balance }, given, at);
  const crossed = { programId, balanceId, value: balance };
  return [
    moved,
    ...(minimum !== null && was > minimum && balance <= minimum
      ? [fact(balanceMinimumReached, contactId, crossed, given, at)]
      : []),
    ...(maximum !== null && was < maximum && balance >= maximum
      ? [fact(balanceMaximumReached, contactId, crossed, given, at)]
      : []),
    ...(tierId === membership.tierId
      ? []
      : [fact(tierUpdated, contactId, { programId, fromTierId: membership.tierId, toTierId: tierId }, given, at)])
  ];
}

function refusal(
  { program, membership }: Account,
  { balanceId, points }: Movement
): { ok: false; reason: Words } | null {
  if (membership.revokedAt !== undefined) return failed(words('words.loyalty.not_a_member'));
  if (!program.balances.some(({ id }) => id === balanceId)) return failed(words('words.loyalty.balance_gone'));
  return isPoints(points) && points > 0 ? null : failed(words('words.loyalty.points_invalid'));
}

/** One movement after another. */
function then(before: Posted, next: (account: Account) => Posted): Posted {
  const after = next(before.account);
  return {
    account: after.account,
    changes: [...before.changes, ...after.changes],
    events: [...before.events, ...after.events]
  };
}
