import { Temporal } from 'temporal-polyfill';
import type { Moment } from './fields';
import type { CalendarDuration, TimeWindow } from './graph';
import { HOUR, MINUTE, type Instant } from './instants';

/**
 * The instant a duration after `at`. Minutes and hours are exact; days, weeks and months follow the calendar of `timeZone`: a day
 * is a calendar day across a clock change, and 31 January plus a month is the last day of February.
 */
export function addDuration(at: Instant, duration: CalendarDuration, timeZone: string): Instant {
  const { amount, unit } = duration;
  if (unit === 'minutes') return at + amount * MINUTE;
  if (unit === 'hours') return at + amount * HOUR;
  return zoned(at, timeZone).add({ [unit]: amount }).epochMilliseconds;
}

/** The same moment `years` years on, in the calendar of `timeZone`; 29 February is 28 February in other years. */
export function addYears(at: Instant, years: number, timeZone: string): Instant {
  return zoned(at, timeZone).add({ years }).epochMilliseconds;
}

/**
 * The first instant at or after `at` that lies in the window. A window whose `from` is after its `to` wraps over midnight and
 * belongs to the day on which it starts.
 */
export function nextInWindow(at: Instant, window: TimeWindow, timeZone: string): Instant {
  const today = zoned(at, timeZone).toPlainDate();
  for (let offset = -1; offset <= 8; offset++) {
    const day = today.add({ days: offset });
    if (!window.days.includes(day.dayOfWeek)) continue;
    const opens = instantOf(day, window.from, timeZone);
    const closes = instantOf(window.to <= window.from ? day.add({ days: 1 }) : day, window.to, timeZone);
    if (at < closes && opens < closes) return Math.max(at, opens);
  }
  throw new RangeError('a window needs a weekday');
}

/** Whether a window has no minute in it: such a window is refused. */
export function isEmptyWindow(window: TimeWindow): boolean {
  return window.from === window.to || window.days.length === 0;
}

/** The instant that a moment means; its days count from `at`, in the calendar of `timeZone`. */
export function momentInstant(moment: Moment, at: Instant, timeZone: string): Instant {
  if (moment.at === 'instant') return moment.instant;
  return instantOf(zoned(at, timeZone).toPlainDate().add({ days: moment.days }), moment.time, timeZone);
}

/**
 * The instant that an ISO 8601 text names, `2027-01-05T09:00:00Z`; with a space for the T, without an offset (then in `timeZone`) or
 * without an hour too. Null where it names none.
 */
export function instantFromText(text: string, timeZone: string): Instant | null {
  const iso = text.trim().replace(/^(\d{4}-\d{2}-\d{2}) (?=\d)/, '$1T');
  try {
    if (/(Z|[+-]\d{2}:?\d{2})$/i.test(iso) && iso.includes('T')) return Temporal.Instant.from(iso).epochMilliseconds;
    return Temporal.PlainDateTime.from(iso).toZonedDateTime(timeZone).epochMilliseconds;
  } catch {
    return null;
  }
}

/** The calendar date `YYYY-MM-DD` of an instant in a time zone. */
export function dateOf(at: Instant, timeZone: string): string {
  return zoned(at, timeZone).toPlainDate().toString();
}

/** The instant at which a calendar date begins in a time zone. */
export function startOfDate(date: string, timeZone: string): Instant {
  return Temporal.PlainDate.from(date).toZonedDateTime(timeZone).epochMilliseconds;
}

/** The date `days` days after a date; negative for before. */
export function shiftDate(date: string, days: number): string {
  return Temporal.PlainDate.from(date).add({ days }).toString();
}

/** Whether the text is a date of the calendar, `YYYY-MM-DD`. */
export function isDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const [year, month, day] = text.split('-').map(Number) as [number, number, number];
  const days = [
    31,
    year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28,
    31,
    30,
    31,
    30,
    31,
    31,
    30,
    31,
    30,
    31
  ];
  return month >= 1 && month <= 12 && day >= 1 && day <= (days[month - 1] ?? 0);
}

/** Whether the runtime knows the time zone by this name. */
export function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).format(0) !== '';
  } catch {
    return false;
  }
}

function zoned(at: Instant, timeZone: string): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(Math.trunc(at)).toZonedDateTimeISO(timeZone);
}

function instantOf(day: Temporal.PlainDate, time: string, timeZone: string): Instant {
  return day.toZonedDateTime({ timeZone, plainTime: Temporal.PlainTime.from(time) }).epochMilliseconds;
}
