import type { EarningRule, LedgerRow, Program, Voucher } from '$lib/core/rows/loyalty';
import { m, number, words } from '$lib/i18n';
import type { Tone } from '$lib/ui/tones';

/** Signed: what was added has its plus. */
export function movementText({ value }: Pick<LedgerRow, 'value'>): string {
  return number(value, { signDisplay: 'exceptZero', maximumFractionDigits: 2 });
}

export function pointsText(points: number): string {
  return number(points, { maximumFractionDigits: 2 });
}

export function balanceName(program: Program | undefined, balanceId: string): string {
  return program?.balances.find(({ id }) => id === balanceId)?.name ?? m['loyalty.balanceGone']();
}

export function tierName(program: Program | undefined, tierId: string | null): string | undefined {
  return program?.tiers.find(({ id }) => id === tierId)?.name;
}

/** What a rule gives, and for what. */
export function ruleText({ earns, event, balanceId }: EarningRule, program: Pick<Program, 'balances'>): string {
  const balance = program.balances.find(({ id }) => id === balanceId)?.name ?? '';
  const params = { points: pointsText(earns.points), balance, event: words({ key: `catalogue.${event}.name` }) };
  return earns.by === 'fixed'
    ? m['loyalty.ruleFixed'](params)
    : m['loyalty.ruleUnit']({ ...params, property: words({ key: `catalogue.properties.${earns.property}` }) });
}

export type VoucherState = 'open' | 'redeemed' | 'expired' | 'revoked';

export function voucherState({ redeemedAt, expiredAt, revokedAt, expiresAt }: Voucher, now: number): VoucherState {
  if (revokedAt !== undefined) return 'revoked';
  if (redeemedAt !== undefined) return 'redeemed';
  return expiredAt !== undefined || (expiresAt !== undefined && expiresAt <= now) ? 'expired' : 'open';
}

export const voucherTones: Readonly<Record<VoucherState, Tone>> = {
  open: 'good',
  redeemed: 'neutral',
  expired: 'warn',
  revoked: 'bad'
};
