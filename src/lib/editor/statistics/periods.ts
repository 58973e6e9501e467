import { dateOf, isDate, shiftDate, startOfDate } from '$lib/core/calendar';
import type { Instant } from '$lib/core/instants';
import type { Period, PeriodStatistics } from '$lib/engine/period-statistics';

/** Lengths in days that one asks for most. */
export const SPANS = [7, 30, 90, 365] as const;
export type Span = (typeof SPANS)[number] | 'all' | 'own';

/** What the address asks for. */
export interface Asked {
  readonly span: string | null;
  readonly from: string | null;
  readonly to: string | null;
}

/** Days as a person reads them: both ends included. `from` null: from the beginning on. */
export interface Days {
  readonly span: Span;
  readonly from: string | null;
  readonly to: string;
}

/** The last 30 days, unless the address asks for others that there are. */
export function daysAsked({ span, from, to }: Asked, now: Instant, timeZone: string): Days {
  const today = dateOf(now, timeZone);
  if (span === 'all') return { span, from: null, to: today };
  if (span === 'own' && from !== null && to !== null && isDate(from) && isDate(to) && from <= to)
    return { span, from, to };
  const length = SPANS.find((one) => String(one) === span) ?? 30;
  return { span: length, from: shiftDate(today, 1 - length), to: today };
}

export function periodOf({ from, to }: Days, timeZone: string): Period {
  return { from: from === null ? 0 : startOfDate(from, timeZone), to: startOfDate(shiftDate(to, 1), timeZone) };
}

export interface Column {
  /** Its first day. */
  readonly date: string;
  readonly entered: number;
  readonly completed: number;
}

/** Beyond so many days, columns are months. */
const MOST_DAYS = 92;

/** One column for each day or month, those without anything included. */
export function columnsOf(
  days: PeriodStatistics['days'],
  { from, to }: Days
): { by: 'day' | 'month'; columns: Column[] } {
  const first = from ?? Object.keys(days).sort()[0] ?? to;
  const dates: string[] = [];
  for (let date = first; date <= to; date = shiftDate(date, 1)) dates.push(date);
  const by = dates.length > MOST_DAYS ? 'month' : 'day';
  const columns = new Map<string, { date: string; entered: number; completed: number }>();
  for (const date of dates) {
    const key = by === 'day' ? date : date.slice(0, 7);
    const column = columns.get(key) ?? { date, entered: 0, completed: 0 };
    column.entered += days[date]?.entered ?? 0;
    column.completed += days[date]?.completed ?? 0;
    columns.set(key, column);
  }
  return { by, columns: [...columns.values()] };
}
