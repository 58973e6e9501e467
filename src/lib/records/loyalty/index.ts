/** Loyalty programmes: who is a member, what is earned and spent, and what becomes of it with time. */
export { earn, earnedId, earningNeeds, rulesFor } from './earn';
export { type LoyaltyGiven } from './fact';
export { adjustPoints, earnPoints, expireLots, redeemPoints, withinBalance, type Account, type Posted } from './ledger';
export { anniversaries, join, refit, revoke } from './memberships';
export { countable, mayEarn, programRefusal } from './programs';
export {
  codeOf,
  createVoucher,
  expireVoucher,
  redeemVoucher,
  revokeVoucher,
  tidyCode,
  type VoucherDraft
} from './vouchers';
