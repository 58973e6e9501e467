import { choice, instant, number, reference, text } from '../fields';
import { LEDGER_TYPES } from '../rows/loyalty';
import { defineEvent } from './define';

const program = { programId: reference('programs', { required: true }) };
const balance = { ...program, balanceId: reference('balances', { required: true }) };
const voucher = { ...program, voucherId: text({ required: true }), code: text(), expiresAt: instant() };
const membership = { ...program, membershipId: text({ required: true }) };

export const balanceMinimumReached = defineEvent('loyalty.balance_minimum_reached', { ...balance, value: number() });
export const balanceMaximumReached = defineEvent('loyalty.balance_maximum_reached', { ...balance, value: number() });
/** `value` is signed; `balance` is what it is afterwards. */
export const balanceUpdated = defineEvent('loyalty.balance_updated', {
  ...balance,
  transactionType: choice(LEDGER_TYPES, 'earned'),
  value: number(),
  balance: number()
});
export const balanceExpired = defineEvent('loyalty.balance_expired', {
  ...balance,
  expired: number(),
  balance: number()
});
export const voucherCreated = defineEvent('loyalty.voucher_created', voucher);
export const voucherRedeemed = defineEvent('loyalty.voucher_redeemed', voucher);
export const voucherExpired = defineEvent('loyalty.voucher_expired', voucher);
export const voucherRevoked = defineEvent('loyalty.voucher_revoked', voucher);
export const membershipCreated = defineEvent('loyalty.membership_created', membership);
export const membershipAnniversary = defineEvent('loyalty.membership_anniversary', {
  ...membership,
  joinedAt: instant(),
  years: number({ integer: true, min: 1 })
});
export const membershipRevoked = defineEvent('loyalty.membership_revoked', {
  ...membership,
  by: choice(['contact', 'user'], 'user')
});
export const tierUpdated = defineEvent('loyalty.tier_updated', {
  ...program,
  fromTierId: reference('tiers'),
  toTierId: reference('tiers')
});
