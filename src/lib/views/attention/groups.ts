import type { Id } from '$lib/core/ids';
import type { Enrolment } from '$lib/core/rows/automations';
import type { OutboxRow } from '$lib/core/rows/messages';
import type { Words } from '$lib/core/words';
import type { IconName } from '$lib/ui/icons';

/** One thing that stands still. */
export interface Item {
  readonly id: Id;
  readonly name: string;
  readonly href: string;
  readonly detail: string;
}

/** What can be done about things that stand still. */
export interface Action {
  readonly label: string;
  readonly icon?: IconName;
  readonly run: (ids: readonly Id[]) => Promise<unknown>;
  /** It is asked first. */
  readonly ask?: { readonly title: string; readonly text: string; readonly danger?: boolean };
}

/** Things that have one cause, the largest group first. */
export interface Cause<T> {
  readonly reason: Words | null;
  readonly rows: readonly T[];
}

export function journeysByCause(journeys: readonly Enrolment[]): Cause<Enrolment>[] {
  return byCause(journeys, ({ wait }) => (wait?.for === 'person' ? wait.reason : null));
}

export function sendsByCause(sends: readonly OutboxRow[]): Cause<OutboxRow>[] {
  return byCause(sends, ({ reason }) => reason ?? null);
}

function byCause<T>(rows: readonly T[], reasonOf: (row: T) => Words | null): Cause<T>[] {
  const groups = new Map<string, { reason: Words | null; rows: T[] }>();
  for (const row of rows) {
    const reason = reasonOf(row);
    const key = JSON.stringify(reason);
    const group = groups.get(key);
    if (group) group.rows.push(row);
    else groups.set(key, { reason, rows: [row] });
  }
  return [...groups.values()].sort((one, other) => other.rows.length - one.rows.length);
}
