/** An instant: UTC epoch milliseconds. Calendar work goes through `calendar.ts`. */
export type Instant = number;

/** The last instant that a date can show, either way from 1970. */
const LAST: Instant = 8.64e15;

/** Whether a number is an instant that can be shown and indexed. */
export function isInstant(value: number): value is Instant {
  return Math.abs(value) <= LAST;
}

/** A span of time in milliseconds. */
export type Milliseconds = number;

export const SECOND: Milliseconds = 1_000;
export const MINUTE: Milliseconds = 60 * SECOND;
export const HOUR: Milliseconds = 60 * MINUTE;
export const DAY: Milliseconds = 24 * HOUR;
