import { RRule } from 'rrule';
import { Temporal } from 'temporal-polyfill';
import type { Instant } from './instants';

/**
 * Recurring dates as RRULEs (RFC 5545), so that their definition can be shown, exported and read by a calendar. The rules are of the
 * local time of a time zone, which the `rrule` package knows nothing of: it is given local times as if they were UTC, and what it
 * finds is brought back to instants by `Temporal`. A local time that a clock change leaves out is the one an hour later; of one that
 * comes twice it is the first.
 */

/** Each day at an hour, `HH:MM`. */
export function dailyRule(time: string): string {
  const [hour = '0', minute = '0'] = time.split(':');
  return `FREQ=DAILY;BYHOUR=${Number(hour)};BYMINUTE=${Number(minute)};BYSECOND=0`;
}

/** What 29 February is in the years that have none. */
export const LEAP_DAYS = ['february_28', 'march_1'] as const;
export type LeapDay = (typeof LEAP_DAYS)[number];

/** Each year on the day of a date, `YYYY-MM-DD`. The last day of February, and the 60th of the year, are the two leap days. */
export function yearlyRule(date: string, leapDay: LeapDay): string {
  const [, month = '1', day = '1'] = date.split('-');
  if (month !== '02' || day !== '29') return `FREQ=YEARLY;BYMONTH=${Number(month)};BYMONTHDAY=${Number(day)}`;
  return leapDay === 'february_28' ? 'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=-1' : 'FREQ=YEARLY;BYYEARDAY=60';
}

/** The first instant after `after` at which the rule recurs in the time zone. `rule` recurs for ever. */
export function nextRecurrence(rule: string, timeZone: string, after: Instant): Instant {
  const recurring = recurringFrom(rule, localOf(after - DAYS_AROUND, timeZone));
  let local = recurring.after(localOf(after - HOURS_AROUND, timeZone), true);
  for (; local !== null; local = recurring.after(local)) {
    const at = instantOf(local, timeZone);
    if (at > after) return at;
  }
  throw new RangeError(`it does not recur: ${rule}`);
}

/** The instants after `after`, up to and with `until`, at which the rule recurs in the time zone, oldest first. */
export function recurrencesBetween(rule: string, timeZone: string, after: Instant, until: Instant): Instant[] {
  const found: Instant[] = [];
  for (let at = nextRecurrence(rule, timeZone, after); at <= until; at = nextRecurrence(rule, timeZone, at))
    found.push(at);
  return found;
}

/** Whether a date, `YYYY-MM-DD`, is among those on which a yearly rule that starts on a date recurs. */
export function isRecurrence(rule: string, startsOn: string, date: string): boolean {
  const day = new Date(`${date}T00:00:00Z`);
  return recurringFrom(rule, new Date(`${startsOn}T00:00:00Z`)).between(day, day, true).length > 0;
}

/** Clocks are changed by less than this. */
const HOURS_AROUND = 3 * 3_600_000;
const DAYS_AROUND = 2 * 86_400_000;

function recurringFrom(rule: string, start: Date): RRule {
  return new RRule({ ...RRule.parseString(rule), dtstart: start });
}

/** The local time, to the second, in the fields of UTC. */
function localOf(at: Instant, timeZone: string): Date {
  const local = Temporal.Instant.fromEpochMilliseconds(Math.floor(at / 1_000) * 1_000).toZonedDateTimeISO(timeZone);
  return new Date(local.toPlainDateTime().toZonedDateTime('UTC').epochMilliseconds);
}

function instantOf(local: Date, timeZone: string): Instant {
  return Temporal.Instant.fromEpochMilliseconds(local.getTime())
    .toZonedDateTimeISO('UTC')
    .toPlainDateTime()
    .toZonedDateTime(timeZone).epochMilliseconds;
}
