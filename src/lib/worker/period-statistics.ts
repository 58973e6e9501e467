import { dateOf } from '$lib/core/calendar';
import type { Id } from '$lib/core/ids';
import {
  MESSAGE_FACTS,
  PeriodCounter,
  type MessageFact,
  type Period,
  type PeriodStatistics
} from '$lib/engine/period-statistics';
import type { Key, Tables } from '$lib/core/tables';
import type { Storage } from '$lib/storage/port';

const BATCH = 1_000;

/**
 * What happened in an automation within a period, from its journeys themselves: nothing has to be kept for it, and it is right for
 * any period. Reads the automation's enrolments, the older parts of long journals, and what is known of its messages.
 */
export async function periodStatistics(storage: Storage, automationId: Id, period: Period): Promise<PeriodStatistics> {
  const { timeZone = 'UTC' } = (await storage.read((reader) => reader.get('settings', 'workspace'))) ?? {};
  const counter = new PeriodCounter(period, (at) => dateOf(at, timeZone));
  for await (const enrolment of rowsOf(storage, 'enrolments', automationId, ({ id }) => `${id}\0`))
    counter.enrolment(enrolment);
  for await (const block of rowsOf(storage, 'journal', automationId, ({ enrolmentId, seq }) => [enrolmentId, seq + 1]))
    counter.block(block);
  if (counter.hasMessages) {
    for (const type of Object.keys(MESSAGE_FACTS) as MessageFact[]) {
      const facts = await storage.read((reader) => reader.query('events', { index: 'type', equals: type }));
      for (const { properties } of facts) counter.fact(type, properties.messageId);
    }
  }
  return counter.result();
}

/** The rows whose key begins with the automation's id, some at a time. `next`: the first key that may come after a row. */
async function* rowsOf<T extends 'enrolments' | 'journal'>(
  storage: Storage,
  table: T,
  automationId: Id,
  next: (row: Tables[T]) => Key
): AsyncIterable<Tables[T]> {
  const bound = (end: string): Key => (table === 'journal' ? [`${automationId}/${end}`] : `${automationId}/${end}`);
  let from = bound('');
  for (;;) {
    const rows = await storage.read((reader) => reader.query(table, { from, to: bound('\uffff'), limit: BATCH }));
    yield* rows;
    const last = rows.at(-1);
    if (last === undefined || rows.length < BATCH) return;
    from = next(last);
  }
}
