import type { Instant } from '$lib/core/instants';
import { DAY } from '$lib/core/instants';
import type { Task } from '$lib/core/rows/crm';

export const WHENS = ['overdue', 'today', 'later', 'undated'] as const;
export type When = (typeof WHENS)[number];

/** Where an open task stands in the list. The day is that of this device. */
export function whenDue({ dueAt }: Pick<Task, 'dueAt'>, now: Instant): When {
  if (dueAt === undefined) return 'undated';
  if (dueAt < now) return 'overdue';
  const midnight = new Date(now).setHours(24, 0, 0, 0);
  return dueAt < midnight ? 'today' : 'later';
}

/** The next full hour of tomorrow's morning: what a new task starts with. */
export function tomorrowMorning(now: Instant): Instant {
  return new Date(now + DAY).setHours(9, 0, 0, 0);
}
