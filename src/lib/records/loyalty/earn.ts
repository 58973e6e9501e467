import type { Change } from '$lib/core/changes';
import type { Effect } from '$lib/core/definitions';
import { majorUnits, type Money } from '$lib/core/money';
import { joinNeeds, type Needs, type Related } from '$lib/core/related';
import type { Contact } from '$lib/core/rows/contacts';
import type { EventRow } from '$lib/core/rows/events';
import { membershipId, type EarningRule, type Membership, type Program } from '$lib/core/rows/loyalty';
import { compileFilter, type FilterTime } from '$lib/filters/compile';
import { needsOf } from '$lib/filters/needs';
import type { LoyaltyGiven } from './fact';
import { earnPoints } from './ledger';
import { join } from './memberships';
import { isPoints } from './programs';

/** What events are looked at with: the workspace's segments and time. */
export type EarningGiven = LoyaltyGiven & { readonly filters: FilterTime };

/** What it changes and causes, and the contact's memberships that have changed. */
export interface Earned extends Effect {
  readonly memberships: readonly Membership[];
}

/** The id of the ledger row of what a rule gives for an event: one row however often it is asked. */
export function earnedId(event: Pick<EventRow, 'id'>, rule: Pick<EarningRule, 'id'>): string {
  return `${event.id}/${rule.id}`;
}

/** What the filters of the rules for events of a type look at. */
export function earningNeeds(programs: Iterable<Program>, type: string, time: FilterTime): Needs {
  return joinNeeds(...rulesFor(programs, type).map(({ rule }) => needsOf(rule.filters, time)));
}

/** The rules that listen to events of this type. */
export function rulesFor(programs: Iterable<Program>, type: string): { program: Program; rule: EarningRule }[] {
  return [...programs].flatMap((program) =>
    program.rules.filter(({ event }) => event === type).map((rule) => ({ program, rule }))
  );
}

/**
 * What an event earns its contact by the rules of all programmes, each rule once. `memberships`: those of the contact. Who is no member
 * joins where the programme says so; who has left earns nothing, and neither does an event that repeats another.
 */
export function earn(
  event: EventRow,
  contact: Contact,
  programs: Iterable<Program>,
  memberships: readonly Membership[],
  related: Related,
  given: EarningGiven
): Earned {
  const changes: Change[] = [];
  const events: EventRow[] = [];
  const present = new Map(memberships.map((membership) => [membership.id, membership]));
  const touched = new Set<string>();
  const take = (effect: Effect, membership: Membership): void => {
    changes.push(...effect.changes);
    events.push(...effect.events);
    present.set(membership.id, membership);
    touched.add(membership.id);
  };
  for (const { program, rule } of event.replayOf === undefined ? rulesFor(programs, event.type) : []) {
    const points = pointsOf(rule, event);
    if (points <= 0 || !compileFilter(rule.filters, given.filters)(contact, event.properties, related)) continue;
    const id = membershipId(program.id, contact.id);
    if (!present.has(id) && program.joinsByEarning) {
      const joined = join(program, contact.id, undefined, given);
      if (joined.ok) take(joined.value, joined.value.membership);
    }
    const membership = present.get(id);
    if (!membership) continue;
    const origin = { ledgerId: earnedId(event, rule), eventId: event.id, since: event.occurredAt };
    const movement = { balanceId: rule.balanceId, points, reason: rule.name };
    // Adding looks at no other lot.
    const posted = earnPoints({ program, membership, lots: [] }, movement, given, origin);
    if (posted.ok) take(posted.value, posted.value.account.membership);
  }
  return { changes, events, memberships: [...touched].flatMap((id) => present.get(id) ?? []) };
}

/** Major units of money: one point per euro of 39.90 € is 39. */
function pointsOf({ earns }: EarningRule, event: EventRow): number {
  const points =
    earns.by === 'fixed'
      ? earns.points
      : Math.floor(unitsOf(event.properties[earns.property]) * earns.points + ROUNDING);
  return isPoints(points) ? points : 0;
}

/** 0.1 × 3 is a hair less than 0.3: nobody loses a point by that. */
const ROUNDING = 1e-9;

function unitsOf(value: unknown): number {
  if (typeof value === 'number') return value;
  return isMoney(value) ? majorUnits(value) : 0;
}

function isMoney(value: unknown): value is Money {
  return typeof value === 'object' && value !== null && 'minor' in value && typeof value.minor === 'number';
}
