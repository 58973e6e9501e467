import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, test } from 'vitest';
import { daysMeant, yearsAt } from './anniversaries';
import { addDuration, dateOf } from './calendar';
import { dailyRule, isRecurrence, nextRecurrence, recurrencesBetween, yearlyRule } from './recurrence';

const ZONES = ['Europe/Paris', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kathmandu', 'Pacific/Chatham'];
const FIRST = Temporal.PlainDate.from('2010-01-01');
const DAYS = 8 * 365 + 2;

/** Every day of eight years, in each zone, as Temporal has it. */
describe.each(ZONES)('eight years of days in %s', (zone) => {
  const days = Array.from({ length: DAYS }, (_, day) => FIRST.add({ days: day }));
  const instant = (day: Temporal.PlainDate, time: string) =>
    day.toZonedDateTime({ timeZone: zone, plainTime: Temporal.PlainTime.from(time) }).epochMilliseconds;

  test('a daily rule recurs once a day, at its local hour', () => {
    const rule = dailyRule('02:30');
    const expected = days.map((day) => instant(day, '02:30'));
    const distinct = expected.filter((at, index) => at !== expected[index - 1]);
    const found: number[] = [];
    for (let at = (distinct[0] as number) - 1; found.length < distinct.length;)
      found.push((at = nextRecurrence(rule, zone, at)));
    expect(found).toEqual(distinct);
  });

  test('a day later is the next calendar day at the same local hour', () => {
    for (const [index, day] of days.entries()) {
      const next = days[index + 1];
      if (!next) continue;
      const at = instant(day, '12:00');
      expect(addDuration(at, { amount: 1, unit: 'days' }, zone)).toBe(instant(next, '12:00'));
      expect(dateOf(at, zone)).toBe(day.toString());
    }
  });
});

describe('what comes round', () => {
  const date = fc
    .tuple(fc.integer({ min: 1950, max: 2026 }), fc.integer({ min: 0, max: 365 }))
    .map(([year, day]) => Temporal.PlainDate.from({ year, month: 1, day: 1 }).add({ days: day }));

  test('is the same day each year, and what was chosen for 29 February', () => {
    fc.assert(
      fc.property(
        date,
        fc.integer({ min: 0, max: 60 }),
        fc.constantFrom('february_28' as const, 'march_1' as const),
        (start, years, leapDay) => {
          const isLeapDay = start.month === 2 && start.day === 29;
          const year = start.year + years;
          const isLeapYear = Temporal.PlainDate.from({ year, month: 1, day: 1 }).inLeapYear;
          const expected =
            isLeapDay && !isLeapYear
              ? Temporal.PlainDate.from(
                  leapDay === 'march_1' ? { year, month: 3, day: 1 } : { year, month: 2, day: 28 }
                )
              : start.with({ year });
          expect(isRecurrence(yearlyRule(start.toString(), leapDay), start.toString(), expected.toString())).toBe(true);
          expect(yearsAt(start.toString(), expected.toString(), leapDay)).toBe(years);
          expect(yearsAt(start.toString(), expected.add({ days: 1 }).toString(), leapDay)).toBeNull();
        }
      )
    );
  });

  test('before and after: the days meant are those whose due date it is', () => {
    fc.assert(
      fc.property(
        date,
        fc.constantFrom('before' as const, 'after' as const),
        fc.integer({ min: 1, max: 40 }),
        fc.constantFrom('days' as const, 'weeks' as const, 'months' as const),
        (meant, when, amount, unit) => {
          const due = when === 'before' ? meant.subtract({ [unit]: amount }) : meant.add({ [unit]: amount });
          expect(daysMeant(due.toString(), { when, offset: { amount, unit } })).toContain(meant.toString());
        }
      )
    );
  });

  test('of an hour that a clock change leaves out, or brings twice, there is one a day', () => {
    const march = recurrencesBetween(
      dailyRule('02:30'),
      'Europe/Paris',
      Date.UTC(2027, 2, 27),
      Date.UTC(2027, 2, 29, 12)
    );
    expect(march.map((at) => new Date(at).toISOString())).toEqual([
      '2027-03-27T01:30:00.000Z',
      '2027-03-28T01:30:00.000Z',
      '2027-03-29T00:30:00.000Z'
    ]);
    const october = recurrencesBetween(
      dailyRule('02:30'),
      'Europe/Paris',
      Date.UTC(2027, 9, 30),
      Date.UTC(2027, 10, 1)
    );
    expect(october.map((at) => new Date(at).toISOString())).toEqual([
      '2027-10-30T00:30:00.000Z',
      '2027-10-31T00:30:00.000Z'
    ]);
  });
});
