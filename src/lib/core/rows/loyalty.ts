import * as v from 'valibot';
import { filterTreeSchema } from '../filter-tree';
import { durationSchema } from '../graph';
import { moneySchema } from '../money';

const id = v.pipe(v.string(), v.minLength(1));
const instant = v.number();

/** What is counted: points, stamps, euros of credit. Limits null: none. `expiry`: how long what was earned lasts; null: for ever. */
export const balanceSchema = v.object({
  id,
  name: v.string(),
  minimum: v.nullable(v.number()),
  maximum: v.nullable(v.number()),
  expiry: v.nullable(durationSchema)
});
export type Balance = v.InferOutput<typeof balanceSchema>;

export const tierSchema = v.object({ id, name: v.string(), threshold: v.number() });
export type Tier = v.InferOutput<typeof tierSchema>;

/**
 * What an event earns: a fixed number of points, or `points` for each unit of a number or an amount of money among its properties
 * (major units: 1 point per euro), rounded down.
 */
export const earningRuleSchema = v.object({
  id,
  name: v.string(),
  event: v.string(),
  filters: v.nullable(filterTreeSchema),
  balanceId: id,
  earns: v.variant('by', [
    v.object({ by: v.literal('fixed'), points: v.number() }),
    v.object({ by: v.literal('unit'), property: v.string(), points: v.number() })
  ])
});
export type EarningRule = v.InferOutput<typeof earningRuleSchema>;

/** Ids of balances and tiers are unique among all programmes. */
export const programSchema = v.object({
  id,
  name: v.string(),
  balances: v.pipe(v.array(balanceSchema), v.minLength(1)),
  /** The balance that tiers are reached by; tiers in the order of their thresholds. */
  tierBalanceId: v.nullable(id),
  tiers: v.array(tierSchema),
  rules: v.array(earningRuleSchema),
  /** Whether a contact joins by its first event that earns something. */
  joinsByEarning: v.boolean(),
  createdAt: instant,
  example: v.optional(v.boolean())
});
export type Program = v.InferOutput<typeof programSchema>;

/** One contact in one programme. Its id is a function of both (`membershipId`): two devices agree. */
export const membershipSchema = v.object({
  id,
  programId: id,
  contactId: id,
  joinedAt: instant,
  revokedAt: v.optional(instant),
  tierId: v.nullable(id),
  /** balance id → points: the sum of its ledger */
  balances: v.record(v.string(), v.number()),
  /** The next anniversary; absent once revoked. */
  dueAt: v.optional(instant),
  example: v.optional(v.boolean())
});
export type Membership = v.InferOutput<typeof membershipSchema>;

export function membershipId(programId: string, contactId: string): string {
  return `${programId}/${contactId}`;
}

export const LEDGER_TYPES = ['earned', 'redeemed', 'expired', 'adjusted'] as const;
export type LedgerType = (typeof LEDGER_TYPES)[number];

/**
 * One movement of a balance; rows are never changed, but for what is left of a lot. `value` is signed. What was added is a lot:
 * `left` of it is still there, and at `dueAt` what is left expires (absent: never, or nothing is left).
 */
export const ledgerRowSchema = v.object({
  id,
  membershipId: id,
  programId: id,
  contactId: id,
  balanceId: id,
  type: v.picklist(LEDGER_TYPES),
  value: v.number(),
  /** the balance after it */
  balance: v.number(),
  at: instant,
  reason: v.optional(v.string()),
  /** the event that earned it */
  eventId: v.optional(id),
  left: v.optional(v.number()),
  dueAt: v.optional(instant)
});
export type LedgerRow = v.InferOutput<typeof ledgerRowSchema>;

/** A code for something. It is open until it is redeemed, revoked, or its date has passed. */
export const voucherSchema = v.object({
  id,
  programId: id,
  contactId: id,
  code: v.string(),
  /** What it is worth, in words of the creator's. */
  label: v.string(),
  worth: v.optional(moneySchema),
  createdAt: instant,
  expiresAt: v.optional(instant),
  redeemedAt: v.optional(instant),
  revokedAt: v.optional(instant),
  expiredAt: v.optional(instant),
  /** `expiresAt` while it is open. */
  dueAt: v.optional(instant),
  example: v.optional(v.boolean())
});
export type Voucher = v.InferOutput<typeof voucherSchema>;
