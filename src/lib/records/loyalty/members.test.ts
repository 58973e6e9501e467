import { describe, expect, it } from 'vitest';
import { DAY } from '$lib/core/instants';
import type { Contact } from '$lib/core/rows/contacts';
import type { EventRow } from '$lib/core/rows/events';
import type { Membership, Program, Voucher } from '$lib/core/rows/loyalty';
import { earn } from './earn';
import type { LoyaltyGiven } from './fact';
import { anniversaries, join, refit, revoke } from './memberships';
import { programRefusal } from './programs';
import { codeOf, createVoucher, expireVoucher, redeemVoucher, revokeVoucher, tidyCode } from './vouchers';

const START = Date.UTC(2028, 1, 29, 23, 30);

function given(now = START): LoyaltyGiven {
  let ids = 0;
  return { now, newId: () => `id${++ids}`, timeZone: 'Europe/Paris' };
}

const program: Program = {
  id: 'p1',
  name: 'Cercle',
  balances: [{ id: 'b1', name: 'Points', minimum: null, maximum: null, expiry: null }],
  tierBalanceId: 'b1',
  tiers: [{ id: 't1', name: 'Or', threshold: 100 }],
  rules: [
    {
      id: 'r1',
      name: 'Achats',
      event: 'order.created',
      filters: null,
      balanceId: 'b1',
      earns: { by: 'unit', property: 'total', points: 1 }
    },
    {
      id: 'r2',
      name: 'Avis',
      event: 'custom.event',
      filters: { subject: { of: 'event', property: 'name' }, kind: 'text', operator: 'is', value: 'avis' },
      balanceId: 'b1',
      earns: { by: 'fixed', points: 50 }
    }
  ],
  joinsByEarning: true,
  createdAt: START
};

function member(now = START): Membership {
  const joined = join(program, 'c1', undefined, given(now));
  if (!joined.ok) throw new Error('refused');
  return joined.value.membership;
}

describe('a membership', () => {
  it('begins with empty balances and its first anniversary a year on', () => {
    expect(member()).toMatchObject({ id: 'p1/c1', balances: { b1: 0 }, tierId: null });
  });

  it('has its anniversary on the day in the workspace’s time zone, each missed year its own', () => {
    // 29 February at 23:30 UTC is 1 March in Paris.
    const membership = member(Date.UTC(2028, 1, 29, 12));
    const effect = anniversaries(membership, given(Date.UTC(2032, 2, 2)));
    expect(
      effect.events.map(({ occurredAt, properties }) => [
        new Date(occurredAt).toISOString().slice(0, 10),
        properties['years']
      ])
    ).toEqual([
      ['2029-02-28', 1],
      ['2030-02-28', 2],
      ['2031-02-28', 3],
      ['2032-02-29', 4]
    ]);
    expect(effect.changes).toMatchObject([{ set: { dueAt: Date.UTC(2033, 1, 28, 12) } }]);
    expect(new Date(member(START).dueAt ?? 0).toISOString()).toBe('2029-02-28T23:30:00.000Z');
  });

  it('ends by contact or user, once, and comes back with what was there', () => {
    const membership = { ...member(), balances: { b1: 120 } };
    expect(revoke(membership, 'contact', given())).toMatchObject({
      ok: true,
      value: { events: [{ properties: { by: 'contact' } }] }
    });
    const gone = { ...membership, revokedAt: START };
    expect(revoke(gone, 'user', given())).toMatchObject({ ok: false, reason: { key: 'words.loyalty.not_a_member' } });
    expect(join(program, 'c1', membership, given())).toMatchObject({
      ok: false,
      reason: { key: 'words.loyalty.member_already' }
    });
    const again = join(program, 'c1', gone, given(START + DAY));
    expect(again).toMatchObject({
      ok: true,
      value: { membership: { balances: { b1: 120 }, tierId: 't1', joinedAt: START + DAY } }
    });
    expect(again.ok && again.value.events.map(({ type }) => type)).toEqual([
      'loyalty.membership_created',
      'loyalty.tier_updated'
    ]);
  });

  it('follows its programme to another tier and to new balances', () => {
    const changed = {
      ...program,
      balances: [...program.balances, { ...program.balances[0]!, id: 'b2', name: 'Euros' }],
      tiers: [{ id: 't1', name: 'Or', threshold: 10 }]
    };
    expect(refit(changed, { ...member(), balances: { b1: 20 } }, given())).toMatchObject({
      changes: [{ set: { 'balances.b2': 0, tierId: 't1' } }],
      events: [{ type: 'loyalty.tier_updated', properties: { fromTierId: null, toTierId: 't1' } }]
    });
    expect(refit(program, member(), given())).toEqual({ changes: [], events: [] });
  });
});

describe('an event', () => {
  const contact: Contact = { id: 'c1', attributes: {}, listIds: [], listedAt: {}, createdAt: 0, updatedAt: 0 };
  const event = (type: string, properties: EventRow['properties'], more: Partial<EventRow> = {}): EventRow => ({
    id: 'e1',
    type,
    contactId: 'c1',
    occurredAt: START,
    receivedAt: START,
    properties,
    source: 'app',
    ...more
  });
  const what = (one: EventRow, members: Membership[] = [member()], by: Program = program) =>
    earn(one, contact, [by], members, {}, { ...given(), filters: { now: START, timeZone: 'Europe/Paris' } });
  const balance = (earned: ReturnType<typeof what>) => earned.memberships[0]?.balances['b1'];

  it('earns points for each unit of money, rounded down', () => {
    expect(balance(what(event('order.created', { total: { minor: 3_990, currency: 'EUR' } })))).toBe(39);
    expect(balance(what(event('order.created', { total: { minor: 5_000, currency: 'JPY' } })))).toBe(5_000);
    expect(what(event('order.created', { total: { minor: 90, currency: 'EUR' } })).changes).toEqual([]);
    expect(what(event('order.created', { total: { minor: -500, currency: 'EUR' } })).changes).toEqual([]);
    expect(what(event('order.created', {})).changes).toEqual([]);
  });

  it('earns a fixed number where it meets the filters', () => {
    expect(balance(what(event('custom.event', { name: 'Avis' })))).toBe(50);
    expect(what(event('custom.event', { name: 'autre' })).changes).toEqual([]);
  });

  it('makes a member of whoever earns, where the programme says so; not of who has left', () => {
    const review = event('custom.event', { name: 'avis' });
    expect(what(review, []).events.map(({ type }) => type)).toEqual([
      'loyalty.membership_created',
      'loyalty.balance_updated'
    ]);
    expect(what(review, [], { ...program, joinsByEarning: false }).changes).toEqual([]);
    expect(what(review, [{ ...member(), revokedAt: START }]).changes).toEqual([]);
  });

  it('that repeats another earns nothing', () => {
    expect(what(event('custom.event', { name: 'avis' }, { replayOf: 'e0' })).changes).toEqual([]);
  });
});

describe('a voucher', () => {
  const draft = {
    programId: 'p1',
    contactId: 'c1',
    code: 'MERCI-10',
    label: ' 10 % ',
    worth: null,
    expiresAt: START + DAY
  };
  const voucher = (): Voucher => {
    const made = createVoucher(draft, false, given());
    if (!made.ok) throw new Error('refused');
    return made.value.voucher;
  };

  it('is made under a code of its own', () => {
    expect(voucher()).toMatchObject({ code: 'MERCI-10', label: '10 %', dueAt: START + DAY });
    expect(createVoucher(draft, true, given())).toMatchObject({ reason: { key: 'words.voucher.code_taken' } });
    expect(createVoucher({ ...draft, code: '<b>' }, false, given())).toMatchObject({
      reason: { key: 'words.voucher.code_invalid' }
    });
    expect(createVoucher({ ...draft, expiresAt: START }, false, given())).toMatchObject({
      reason: { key: 'words.voucher.expires_in_the_past' }
    });
    expect(codeOf('0192f0c1-2b3c-7def-8123-456789abcdef')).toBe('6789A-BCDEF');
    expect(tidyCode(' merci 10 ')).toBe('MERCI10');
  });

  it('is redeemed or revoked once, before its date', () => {
    expect(redeemVoucher(voucher(), given())).toMatchObject({
      ok: true,
      value: { changes: [{ set: { redeemedAt: START, dueAt: undefined } }] }
    });
    expect(redeemVoucher({ ...voucher(), redeemedAt: START }, given())).toMatchObject({
      reason: { key: 'words.voucher.redeemed_already' }
    });
    expect(redeemVoucher({ ...voucher(), revokedAt: START }, given())).toMatchObject({
      reason: { key: 'words.voucher.revoked_already' }
    });
    expect(revokeVoucher(voucher(), given())).toMatchObject({
      ok: true,
      value: { events: [{ type: 'loyalty.voucher_revoked' }] }
    });
    expect(redeemVoucher(voucher(), given(START + DAY))).toMatchObject({ reason: { key: 'words.voucher.expired' } });
  });

  it('expires at its date, not when somebody looks', () => {
    expect(expireVoucher(voucher(), given(START + DAY - 1)).events).toEqual([]);
    expect(expireVoucher(voucher(), given(START + 9 * DAY)).events).toMatchObject([
      { type: 'loyalty.voucher_expired', occurredAt: START + DAY }
    ]);
  });
});

describe('a programme', () => {
  const refused = (change: Partial<Program>) => programRefusal({ ...program, ...change })?.key;
  const balance = program.balances[0]!;
  const rule = program.rules[0]!;

  it('is refused in words while something does not fit', () => {
    expect(programRefusal(program)).toBeNull();
    expect(refused({ balances: [] })).toBe('words.loyalty.broken');
    expect(refused({ balances: [{ ...balance, name: ' ' }] })).toBe('words.loyalty.balance_unnamed');
    expect(refused({ balances: [{ ...balance, minimum: -1 }] })).toBe('words.loyalty.limit_invalid');
    expect(refused({ balances: [{ ...balance, minimum: 10, maximum: 10 }] })).toBe('words.loyalty.limits_crossed');
    expect(refused({ tierBalanceId: null })).toBe('words.loyalty.tier_balance_missing');
    expect(
      refused({
        tiers: [
          { id: 't1', name: 'A', threshold: 10 },
          { id: 't2', name: 'B', threshold: 10 }
        ]
      })
    ).toBe('words.loyalty.thresholds_unordered');
    expect(
      refused({
        tiers: [
          { id: 't1', name: 'A', threshold: 10 },
          { id: 't2', name: 'a', threshold: 20 }
        ]
      })
    ).toBe('words.loyalty.named_twice');
    expect(refused({ rules: [{ ...rule, event: 'loyalty.balance_updated' }] })).toBe('words.loyalty.rule_event');
    expect(refused({ rules: [{ ...rule, balanceId: 'x' }] })).toBe('words.loyalty.rule_balance');
    expect(refused({ rules: [{ ...rule, earns: { by: 'unit', property: 'items', points: 1 } }] })).toBe(
      'words.loyalty.rule_property'
    );
    expect(refused({ rules: [{ ...rule, earns: { by: 'fixed', points: 0 } }] })).toBe('words.loyalty.rule_points');
    expect(programRefusal(program, [{ ...program, id: 'p2' }])?.key).toBe('words.loyalty.broken');
  });
});
