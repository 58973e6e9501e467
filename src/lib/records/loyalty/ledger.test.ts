import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyChange } from '$lib/core/changes';
import type { Effect } from '$lib/core/definitions';
import { DAY } from '$lib/core/instants';
import type { EventRow } from '$lib/core/rows/events';
import type { LedgerRow, Membership, Program } from '$lib/core/rows/loyalty';
import type { LoyaltyGiven } from './fact';
import { adjustPoints, earnPoints, expireLots, redeemPoints, withinBalance, type Account } from './ledger';
import { join, revoke } from './memberships';
import { tidy, tierOf } from './programs';

const START = Date.UTC(2027, 0, 5, 8);

const program: Program = {
  id: 'p1',
  name: 'Cercle',
  balances: [{ id: 'b1', name: 'Points', minimum: 20, maximum: 150, expiry: { amount: 10, unit: 'days' } }],
  tierBalanceId: 'b1',
  tiers: [
    { id: 't1', name: 'Bronze', threshold: 0 },
    { id: 't2', name: 'Argent', threshold: 50 },
    { id: 't3', name: 'Or', threshold: 120 }
  ],
  rules: [],
  joinsByEarning: true,
  createdAt: START
};

/** What is stored: the ledger and the membership, changed by effects alone. */
class Book {
  now = START;
  ledger = new Map<string, LedgerRow>();
  membership: Membership | undefined;
  events: EventRow[] = [];
  private ids = 0;

  get given(): LoyaltyGiven {
    return { now: this.now, newId: () => `n${String(++this.ids).padStart(6, '0')}`, timeZone: 'Europe/Paris' };
  }

  get account(): Account {
    return {
      program,
      membership: this.membership!,
      lots: [...this.ledger.values()].filter(({ left = 0 }) => left > 0)
    };
  }

  take({ changes, events }: Effect): readonly EventRow[] {
    for (const change of changes) {
      if (change.table === 'ledger') {
        const row = applyChange(this.ledger.get(String(change.id)), change);
        if (row) this.ledger.set(row.id, row);
      } else if (change.table === 'memberships') this.membership = applyChange(this.membership, change);
    }
    this.events.push(...events);
    return events;
  }

  join(): readonly EventRow[] {
    const joined = join(program, 'c1', this.membership, this.given);
    return joined.ok ? this.take(joined.value) : [];
  }

  get balance(): number {
    return this.membership?.balances['b1'] ?? 0;
  }
}

type Command =
  | { do: 'earn' | 'redeem' | 'adjust'; points: number }
  | { do: 'pass'; hours: number }
  | { do: 'expire' | 'revoke' | 'join' };

const points = fc.integer({ min: 1, max: 12_000 }).map((hundredths) => hundredths / 100);
const command: fc.Arbitrary<Command> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('earn' as const), points }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('redeem' as const), points }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('adjust' as const), points: points.map((n) => n - 60).map(tidy) })
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('pass' as const), hours: fc.integer({ min: 1, max: 200 }) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('expire' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('revoke' as const, 'join' as const) }) }
);

function carryOut(book: Book, next: Command): readonly EventRow[] {
  switch (next.do) {
    case 'pass':
      book.now += next.hours * 3_600_000;
      return [];
    case 'join':
      return book.join();
    case 'revoke': {
      const revoked = revoke(book.membership!, 'user', book.given);
      return revoked.ok ? book.take(revoked.value) : [];
    }
    case 'expire':
      return book.take(expireLots(book.account, book.given));
    default: {
      const move = { earn: earnPoints, redeem: redeemPoints, adjust: adjustPoints }[next.do];
      const moved = move(book.account, { balanceId: 'b1', points: next.points }, book.given);
      return moved.ok ? book.take(moved.value) : [];
    }
  }
}

describe('a balance, whatever happens', () => {
  it('is never less than nothing by a hair', () => {
    expect(tidy(-4e-15)).toBe(0);
  });

  it('is the sum of its ledger and of what is left of its lots, never below zero, in the tier of its points', () => {
    fc.assert(
      fc.property(fc.array(command, { maxLength: 60 }), (commands) => {
        const book = new Book();
        book.join();
        for (const next of commands) {
          carryOut(book, next);
          const rows = [...book.ledger.values()];
          expect(tidy(rows.reduce((sum, { value }) => sum + value, 0))).toBe(book.balance);
          expect(tidy(rows.reduce((sum, { left = 0 }) => sum + left, 0))).toBe(book.balance);
          expect(book.balance).toBeGreaterThanOrEqual(0);
          expect(rows.every(({ left = 0, value }) => left >= 0 && left <= Math.max(value, 0))).toBe(true);
          expect(rows.every(({ left = 0, dueAt }) => left > 0 || dueAt === undefined)).toBe(true);
          expect(withinBalance(rows, 'b1', book.balance)).toEqual([]);
          expect(book.membership!.tierId).toBe(tierOf(program, book.membership!.balances));
        }
      })
    );
  });

  it('has no more left than it has: what is too much goes off what expires first', () => {
    const lot = (id: string, left: number, day: number): LedgerRow => ({
      id,
      membershipId: 'p1/c1',
      programId: 'p1',
      contactId: 'c1',
      balanceId: 'b1',
      type: 'earned',
      value: 100,
      balance: 100,
      at: START,
      left,
      dueAt: START + day * DAY
    });
    const lots = [
      lot('late', 70, 9),
      lot('soon', 50, 2),
      lot('empty', 0, 1),
      { ...lot('other', 9, 1), balanceId: 'b2' }
    ];
    const after = (balance: number): unknown =>
      withinBalance(lots, 'b1', balance).map((change) => [change.id, change.set]);
    const emptied = { left: 0, dueAt: undefined };
    expect(after(120)).toEqual([['empty', emptied]]);
    expect(after(90)).toEqual([
      ['soon', { left: 20 }],
      ['empty', emptied]
    ]);
    expect(after(-30)).toEqual([
      ['late', emptied],
      ['soon', emptied],
      ['empty', emptied]
    ]);
  });

  it('tells of each crossing of a limit once, and of each other tier once', () => {
    fc.assert(
      fc.property(fc.array(command, { maxLength: 60 }), (commands) => {
        const book = new Book();
        book.join();
        let balance = 0;
        let tier = book.membership!.tierId;
        for (const next of commands) {
          const wasMember = book.membership!.revokedAt === undefined;
          const events = carryOut(book, next);
          if (!wasMember) {
            balance = book.balance;
            tier = book.membership!.tierId;
            continue;
          }
          // Replays the movements that were told of, one by one.
          const expected: string[] = [];
          for (const { type, properties } of events) {
            if (type !== 'loyalty.balance_updated' && type !== 'loyalty.balance_expired') continue;
            const after = properties['balance'] as number;
            if (balance > 20 && after <= 20) expected.push('loyalty.balance_minimum_reached');
            if (balance < 150 && after >= 150) expected.push('loyalty.balance_maximum_reached');
            const reached = tierOf(program, { b1: after });
            if (reached !== tier) expected.push('loyalty.tier_updated');
            balance = after;
            tier = reached;
          }
          expect(balance).toBe(book.balance);
          const told = events
            .map(({ type }) => type)
            .filter((type) => !/balance_(updated|expired)|membership/.test(type));
          expect(told).toEqual(expected);
        }
      })
    );
  });

  it('loses exactly the unspent rest of each lot, at the date of the lot', () => {
    fc.assert(
      fc.property(fc.array(command, { maxLength: 60 }), (commands) => {
        const book = new Book();
        book.join();
        for (const next of commands) {
          const before = book.account.lots;
          const since = book.ledger.size;
          carryOut(book, next);
          const expired = [...book.ledger.values()].slice(since).filter(({ type }) => type === 'expired');
          const due = before.filter(({ dueAt }) => dueAt !== undefined && dueAt <= book.now);
          const looked = next.do === 'expire' || expired.length > 0;
          const byDate = (one: { at: number }, other: { at: number }) => one.at - other.at;
          if (looked)
            expect(expired.map(({ at, value }) => ({ at, value })).sort(byDate)).toEqual(
              due.map(({ dueAt, left }) => ({ at: dueAt, value: -(left ?? 0) })).sort(byDate as never)
            );
        }
        book.now += 11 * DAY;
        book.take(expireLots(book.account, book.given));
        expect(book.balance).toBe(0);
      })
    );
  });
});

describe('points', () => {
  function bookWith(...lots: [points: number, day: number][]): Book {
    const book = new Book();
    book.join();
    for (const [points, day] of lots) {
      book.now = START + day * DAY;
      const earned = earnPoints(book.account, { balanceId: 'b1', points }, book.given);
      if (earned.ok) book.take(earned.value);
    }
    return book;
  }

  it('are spent from what expires first', () => {
    const book = bookWith([30, 0], [40, 2]);
    const redeemed = redeemPoints(book.account, { balanceId: 'b1', points: 35 }, book.given);
    if (redeemed.ok) book.take(redeemed.value);
    expect([...book.ledger.values()].map(({ value, left, balance }) => [value, left, balance])).toEqual([
      [30, 0, 30],
      [40, 35, 70],
      [-35, undefined, 35]
    ]);
  });

  it('are refused beyond what there is, in words that say how many', () => {
    const book = bookWith([30, 0]);
    expect(redeemPoints(book.account, { balanceId: 'b1', points: 30.01 }, book.given)).toEqual({
      ok: false,
      reason: { key: 'words.loyalty.not_enough', params: { asked: 30.01, balance: 30 } }
    });
  });

  it('that have expired a moment ago can no longer be spent, though nobody has looked', () => {
    const book = bookWith([30, 0], [5, 8]);
    book.now = START + 10 * DAY;
    const asked = redeemPoints(book.account, { balanceId: 'b1', points: 6 }, book.given);
    expect(asked).toMatchObject({ ok: false, reason: { params: { balance: 5 } } });
    const redeemed = redeemPoints(book.account, { balanceId: 'b1', points: 5 }, book.given);
    expect(redeemed.ok && redeemed.value.events.map(({ type }) => type)).toEqual([
      'loyalty.balance_expired',
      'loyalty.balance_minimum_reached',
      'loyalty.balance_updated'
    ]);
  });

  it.each([0, -5, 0.001, Infinity, NaN])('are refused when they are %d', (amount) => {
    const book = bookWith([30, 0]);
    const reason = { key: 'words.loyalty.points_invalid' };
    for (const move of [earnPoints, redeemPoints])
      expect(move(book.account, { balanceId: 'b1', points: amount }, book.given)).toMatchObject({ ok: false, reason });
  });

  it('of a member who has left can only expire, and nobody is told', () => {
    const book = bookWith([30, 0]);
    const left = revoke(book.membership!, 'contact', book.given);
    if (left.ok) book.take(left.value);
    expect(earnPoints(book.account, { balanceId: 'b1', points: 1 }, book.given)).toMatchObject({
      ok: false,
      reason: { key: 'words.loyalty.not_a_member' }
    });
    book.now += 20 * DAY;
    expect(book.take(expireLots(book.account, book.given))).toEqual([]);
    expect(book.balance).toBe(0);
  });
});
