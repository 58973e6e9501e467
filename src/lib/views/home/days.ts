import type { Instant } from '$lib/core/instants';
import type { Sent } from '$lib/app/queries';

export interface DayOfSends {
  /** `YYYY-MM-DD` in the time zone asked for */
  readonly date: string;
  readonly sent: number;
  readonly opened: number;
}

/** The last `count` days, today last, with what left on each and how much of it was opened. */
export function lastDays(
  sent: readonly Sent[],
  opened: ReadonlySet<string>,
  { count, now, timeZone }: { count: number; now: Instant; timeZone: string }
): DayOfSends[] {
  const dateOf = new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' });
  const today = Date.parse(`${dateOf.format(now)}T00:00:00Z`);
  const dates = Array.from({ length: count }, (_, at) =>
    new Date(today - (count - 1 - at) * 86_400_000).toISOString().slice(0, 10)
  );
  const days = new Map(dates.map((date) => [date, { date, sent: 0, opened: 0 }]));
  for (const { at, messageId } of sent) {
    const day = days.get(dateOf.format(at));
    if (!day) continue;
    day.sent++;
    if (messageId !== undefined && opened.has(messageId)) day.opened++;
  }
  return [...days.values()];
}

/** The share of messages that were opened; null where none left. */
export function openRate(sent: readonly Sent[], opened: ReadonlySet<string>): number | null {
  if (sent.length === 0) return null;
  return sent.filter(({ messageId }) => messageId !== undefined && opened.has(messageId)).length / sent.length;
}
