import { Temporal } from 'temporal-polyfill';
import type { CalendarDuration } from './graph';
import { isRecurrence, yearlyRule, type LeapDay } from './recurrence';

/** When something is due around a day that comes round: before it, on it, after it. */
export interface Around {
  readonly when: 'before' | 'on' | 'after';
  /** days, weeks or months */
  readonly offset: CalendarDuration;
}

/**
 * The days for whose sake something is due on a date (`YYYY-MM-DD`): one, mostly; none or several where months of different lengths
 * meet (a month before 28, 29, 30 and 31 March is 28 February).
 */
export function daysMeant(date: string, { when, offset }: Around): string[] {
  if (when === 'on') return [date];
  const day = Temporal.PlainDate.from(date);
  const { amount, unit } = offset;
  const away = { [unit]: amount };
  const middle = when === 'before' ? day.add(away) : day.subtract(away);
  return [-3, -2, -1, 0, 1, 2, 3]
    .map((days) => middle.add({ days }))
    .filter((candidate) => {
      const due = when === 'before' ? candidate.subtract(away) : candidate.add(away);
      return due.equals(day);
    })
    .map((candidate) => candidate.toString());
}

/**
 * How many years after `date` (both `YYYY-MM-DD`) the day `comesRound`, if it does: 0 on the day itself. Null where it does not. The
 * rule decides what 29 February is in other years.
 */
export function yearsAt(date: string, comesRound: string, leapDay: LeapDay): number | null {
  if (comesRound < date) return null;
  const isSameDay = comesRound.slice(5) === date.slice(5);
  const isLeap = date.endsWith('-02-29') && (comesRound.endsWith('-02-28') || comesRound.endsWith('-03-01'));
  if (!isSameDay && !isLeap) return null;
  return isRecurrence(yearlyRule(date, leapDay), date, comesRound)
    ? Number(comesRound.slice(0, 4)) - Number(date.slice(0, 4))
    : null;
}
