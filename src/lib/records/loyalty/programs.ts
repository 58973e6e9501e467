import { EVENT_TYPES } from '$lib/core/events';
import {
  balanceUpdated,
  balanceExpired,
  balanceMaximumReached,
  balanceMinimumReached,
  tierUpdated
} from '$lib/core/events/loyalty';
import { programSchema, type EarningRule, type Program, type Tier } from '$lib/core/rows/loyalty';
import { words, type Words } from '$lib/core/words';
import * as v from 'valibot';

const LARGEST = 1_000_000_000;

/** Points that these events earned would cause the same event again. */
const CAUSED_BY_EARNING: ReadonlySet<string> = new Set(
  [balanceUpdated, balanceExpired, balanceMinimumReached, balanceMaximumReached, tierUpdated].map(({ type }) => type)
);

/** Types of events that a rule may listen to. */
export function mayEarn(type: string): boolean {
  return EVENT_TYPES.has(type) && !CAUSED_BY_EARNING.has(type);
}

/** Why a programme cannot be kept like this; null where it can. `others`: the other programmes, whose ids must not be used again. */
export function programRefusal(program: Program, others: Iterable<Program> = []): Words | null {
  if (!v.is(programSchema, program)) return words('words.loyalty.broken');
  const { balances, tiers, tierBalanceId, rules } = program;
  const taken = new Set([...others].flatMap((other) => [...other.balances, ...other.tiers].map(({ id }) => id)));
  const ids = [...balances, ...tiers].map(({ id }) => id);
  if (new Set(ids).size < ids.length || ids.some((id) => taken.has(id))) return words('words.loyalty.broken');
  return (
    namesRefusal(balances, 'balance') ??
    namesRefusal(tiers, 'tier') ??
    first(balances, ({ name, minimum, maximum }) => {
      if (minimum !== null && !isPoints(minimum)) return words('words.loyalty.limit_invalid', { balance: name });
      if (maximum !== null && !isPoints(maximum)) return words('words.loyalty.limit_invalid', { balance: name });
      const crossed = minimum !== null && maximum !== null && minimum >= maximum;
      return crossed ? words('words.loyalty.limits_crossed', { balance: name }) : null;
    }) ??
    (tiers.length > 0 && !balances.some(({ id }) => id === tierBalanceId)
      ? words('words.loyalty.tier_balance_missing')
      : null) ??
    first(tiers, ({ name, threshold }, at) => {
      if (!isPoints(threshold)) return words('words.loyalty.threshold_invalid', { tier: name });
      const before = tiers[at - 1];
      return before && before.threshold >= threshold
        ? words('words.loyalty.thresholds_unordered', { tier: name, before: before.name })
        : null;
    }) ??
    first(rules, (rule) => ruleRefusal(rule, program))
  );
}

function ruleRefusal({ name, event, balanceId, earns }: EarningRule, { balances }: Program): Words | null {
  if (!mayEarn(event)) return words('words.loyalty.rule_event', { rule: name });
  if (!balances.some(({ id }) => id === balanceId)) return words('words.loyalty.rule_balance', { rule: name });
  if (!isPoints(earns.points) || earns.points === 0) return words('words.loyalty.rule_points', { rule: name });
  const isUncounted = earns.by === 'unit' && !countable(event).includes(earns.property);
  return isUncounted ? words('words.loyalty.rule_property', { rule: name }) : null;
}

/** Properties of an event that points may be counted by: numbers and amounts of money. */
export function countable(type: string): string[] {
  return Object.entries(EVENT_TYPES.get(type)?.properties ?? {})
    .filter(([, { control }]) => control.kind === 'number' || control.kind === 'money')
    .map(([name]) => name);
}

/** The highest tier whose threshold these points reach; null: none. */
export function tierOf({ tiers, tierBalanceId }: Program, balances: Readonly<Record<string, number>>): string | null {
  const points = tierBalanceId === null ? 0 : (balances[tierBalanceId] ?? 0);
  return tiers.reduce<Tier | null>((reached, tier) => (points >= tier.threshold ? tier : reached), null)?.id ?? null;
}

/** Points are counted to the hundredth: 0.1 and 0.2 are 0.3. A hair below nothing is nothing, without a sign. */
export function tidy(points: number): number {
  return Math.round(points * 100) / 100 + 0;
}

/** Whether this is an amount of points: not negative, to the hundredth. */
export function isPoints(points: number): boolean {
  return Number.isFinite(points) && points >= 0 && points <= LARGEST && tidy(points) === points;
}

function namesRefusal(rows: readonly { name: string }[], what: 'balance' | 'tier'): Words | null {
  const names = rows.map(({ name }) => name.trim().toLowerCase());
  if (names.includes(''))
    return words(what === 'balance' ? 'words.loyalty.balance_unnamed' : 'words.loyalty.tier_unnamed');
  const twice = rows.find((_, at) => names.indexOf(names[at] ?? '') < at);
  return twice ? words('words.loyalty.named_twice', { name: twice.name }) : null;
}

function first<T>(rows: readonly T[], refusal: (row: T, at: number) => Words | null): Words | null {
  for (const [at, row] of rows.entries()) {
    const found = refusal(row, at);
    if (found) return found;
  }
  return null;
}
