import { addYears } from '$lib/core/calendar';
import { create, update } from '$lib/core/changes';
import type { Effect } from '$lib/core/definitions';
import { membershipAnniversary, membershipCreated, membershipRevoked, tierUpdated } from '$lib/core/events/loyalty';
import type { Id } from '$lib/core/ids';
import { DAY, type Instant } from '$lib/core/instants';
import { failed, ok, type Result } from '$lib/core/result';
import type { EventRow } from '$lib/core/rows/events';
import { membershipId, type Membership, type Program } from '$lib/core/rows/loyalty';
import { words } from '$lib/core/words';
import { fact, NOTHING, type LoyaltyGiven } from './fact';
import { tierOf } from './programs';

/** The contact joins from now on. Who had left comes back, with the points that are still there. `before`: its membership, if any. */
export function join(
  program: Program,
  contactId: Id,
  before: Membership | undefined,
  given: LoyaltyGiven
): Result<Effect & { readonly membership: Membership }> {
  if (before && before.revokedAt === undefined) return failed(words('words.loyalty.member_already'));
  const { now, timeZone } = given;
  const id = membershipId(program.id, contactId);
  const balances = { ...Object.fromEntries(program.balances.map((balance) => [balance.id, 0])), ...before?.balances };
  const tierId = tierOf(program, balances);
  const dueAt = addYears(now, 1, timeZone);
  const membership: Membership = { id, programId: program.id, contactId, joinedAt: now, tierId, balances, dueAt };
  const created = fact(membershipCreated, contactId, { programId: program.id, membershipId: id }, given);
  return ok({
    membership,
    changes: [
      before
        ? update('memberships', id, { joinedAt: now, tierId, balances, dueAt, revokedAt: undefined })
        : create('memberships', id, membership)
    ],
    events: [created, ...(tierId === null ? [] : [tierFact({ ...membership, tierId: null }, tierId, given)])]
  });
}

/** The contact leaves, or is removed. Its points stay in the ledger: they can only expire, until it comes back. */
export function revoke(membership: Membership, by: 'contact' | 'user', given: LoyaltyGiven): Result<Effect> {
  if (membership.revokedAt !== undefined) return failed(words('words.loyalty.not_a_member'));
  const { id, programId, contactId } = membership;
  return ok({
    changes: [update('memberships', id, { revokedAt: given.now, dueAt: undefined })],
    events: [fact(membershipRevoked, contactId, { programId, membershipId: id, by }, given)]
  });
}

/** The anniversaries that have come by now: each year its own event, at its own instant. */
export function anniversaries(membership: Membership, given: LoyaltyGiven): Effect {
  const { id, programId, contactId, joinedAt, dueAt } = membership;
  if (dueAt === undefined || dueAt > given.now) return NOTHING;
  const events: EventRow[] = [];
  let next: Instant = dueAt;
  for (let years = yearsBetween(joinedAt, dueAt); next <= given.now; years++) {
    const properties = { programId, membershipId: id, joinedAt, years };
    events.push(fact(membershipAnniversary, contactId, properties, given, next));
    next = addYears(joinedAt, years + 1, given.timeZone);
  }
  return { changes: [update('memberships', id, { dueAt: next })], events };
}

/** The time zone may have changed since the instant was set: the year it belongs to is the nearest. */
function yearsBetween(joinedAt: Instant, anniversary: Instant): number {
  return Math.max(1, Math.round((anniversary - joinedAt) / (365.2425 * DAY)));
}

/** A membership after its programme was changed: balances that are new, and another tier where the thresholds say so. */
export function refit(program: Program, membership: Membership, given: LoyaltyGiven): Effect {
  const missing = program.balances.filter(({ id }) => !(id in membership.balances));
  const tierId = tierOf(program, membership.balances);
  const hasChangedTier = tierId !== membership.tierId;
  if (missing.length === 0 && !hasChangedTier) return NOTHING;
  const set = {
    ...Object.fromEntries(missing.map(({ id }) => [`balances.${id}`, 0])),
    ...(hasChangedTier ? { tierId } : {})
  };
  const isTold = hasChangedTier && membership.revokedAt === undefined;
  return {
    changes: [update('memberships', membership.id, set)],
    events: isTold ? [tierFact(membership, tierId, given)] : []
  };
}

function tierFact({ programId, contactId, tierId }: Membership, to: string | null, given: LoyaltyGiven): EventRow {
  return fact(tierUpdated, contactId, { programId, fromTierId: tierId, toTierId: to }, given);
}
