import { create, update } from '$lib/core/changes';
import type { Effect } from '$lib/core/definitions';
import { voucherCreated, voucherExpired, voucherRedeemed, voucherRevoked } from '$lib/core/events/loyalty';
import type { Given, Id } from '$lib/core/ids';
import { isInstant, type Instant } from '$lib/core/instants';
import { moneySchema, type Money } from '$lib/core/money';
import { failed, ok, type Result } from '$lib/core/result';
import type { EventRow } from '$lib/core/rows/events';
import type { Voucher } from '$lib/core/rows/loyalty';
import { words } from '$lib/core/words';
import * as v from 'valibot';
import { fact } from './fact';

/** A voucher as a person gives it. `code` '': one is made. `expiresAt` (ms) null: it never expires. */
export interface VoucherDraft {
  readonly programId: Id;
  readonly contactId: Id;
  readonly code: string;
  readonly label: string;
  readonly worth: Money | null;
  readonly expiresAt: Instant | null;
}

const LONGEST_CODE = 40;
const CODE = /^[\p{L}\p{N}][\p{L}\p{N}_.-]*$/u;

/** Codes are said and typed: case and spaces do not part them. */
export function tidyCode(code: string): string {
  return code.replace(/\s+/g, '').toUpperCase();
}

/** A code out of an id: its end is what differs most between ids. */
export function codeOf(id: Id): string {
  const end = id
    .replace(/[^\p{L}\p{N}]/gu, '')
    .toUpperCase()
    .slice(-10);
  return end.length > 5 ? `${end.slice(0, -5)}-${end.slice(-5)}` : end;
}

/** `code` is tidy; `isTaken`: whether any other voucher has it. */
export function createVoucher(
  draft: VoucherDraft,
  isTaken: boolean,
  given: Given
): Result<Effect & { voucher: Voucher }> {
  const { programId, contactId, code, label, worth, expiresAt } = draft;
  if (!CODE.test(code) || code.length > LONGEST_CODE) return failed(words('words.voucher.code_invalid'));
  if (isTaken) return failed(words('words.voucher.code_taken', { code }));
  if (worth !== null && !v.is(moneySchema, worth)) return failed(words('words.voucher.not_an_amount'));
  if (expiresAt !== null && !isInstant(expiresAt)) return failed(words('words.voucher.not_an_instant'));
  if (expiresAt !== null && expiresAt <= given.now) return failed(words('words.voucher.expires_in_the_past'));
  const voucher: Voucher = {
    id: given.newId(),
    programId,
    contactId,
    code,
    label: label.trim(),
    ...(worth === null ? {} : { worth }),
    createdAt: given.now,
    ...(expiresAt === null ? {} : { expiresAt, dueAt: expiresAt })
  };
  return ok({
    voucher,
    changes: [create('vouchers', voucher.id, voucher)],
    events: [voucherFact(voucherCreated, voucher, given)]
  });
}

export function redeemVoucher(voucher: Voucher, given: Given): Result<Effect> {
  return closed(voucher, 'redeemedAt', voucherRedeemed, given);
}

export function revokeVoucher(voucher: Voucher, given: Given): Result<Effect> {
  return closed(voucher, 'revokedAt', voucherRevoked, given);
}

/** Its date has come: at that instant, also where the app was closed then. A voucher that is not due is left as it is. */
export function expireVoucher(voucher: Voucher, given: Given): Effect {
  const { dueAt } = voucher;
  if (dueAt === undefined || dueAt > given.now) return { changes: [], events: [] };
  return {
    changes: [update('vouchers', voucher.id, { expiredAt: dueAt, dueAt: undefined })],
    events: [voucherFact(voucherExpired, voucher, given, dueAt)]
  };
}

function closed(
  voucher: Voucher,
  by: 'redeemedAt' | 'revokedAt',
  event: typeof voucherRedeemed,
  given: Given
): Result<Effect> {
  const { code, redeemedAt, revokedAt, expiredAt, expiresAt } = voucher;
  if (redeemedAt !== undefined) return failed(words('words.voucher.redeemed_already', { code }));
  if (revokedAt !== undefined) return failed(words('words.voucher.revoked_already', { code }));
  // Its date may have passed a moment before anybody has looked.
  if (expiredAt !== undefined || (expiresAt !== undefined && expiresAt <= given.now))
    return failed(words('words.voucher.expired', { code }));
  return ok({
    changes: [update('vouchers', voucher.id, { [by]: given.now, dueAt: undefined })],
    events: [voucherFact(event, voucher, given)]
  });
}

function voucherFact(
  event: typeof voucherCreated,
  { id, programId, contactId, code, expiresAt }: Voucher,
  given: Given,
  occurredAt?: Instant
): EventRow {
  return fact(event, contactId, { programId, voucherId: id, code, expiresAt: expiresAt ?? null }, given, occurredAt);
}
