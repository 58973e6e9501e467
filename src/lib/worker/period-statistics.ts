import { dateOf } from '$lib/core/calendar';
import type { Id } from '$lib/core/ids';
import {
  MESSAGE_FACTS,
  PeriodCounter,
  type MessageFact,
  type Period,
  type PeriodStatistics
} from '$lib/engine/period-statistics';
import type { Storage } from '$lib/storage/port';

const BATCH = 1_000;

/**
 * What happened in an automation within a period, from its journeys themselves: nothing has to be kept for it, and it is right for
 * any period. Reads all enrolments once, the older parts of long journals, and what is known of the messages.
 */
export async function periodStatistics(storage: Storage, automationId: Id, period: Period): Promise<PeriodStatistics> {
  const { timeZone = 'UTC' } = (await storage.read((reader) => reader.get('settings', 'workspace'))) ?? {};
  const counter = new PeriodCounter(period, (at) => dateOf(at, timeZone));
  for await (const batch of storage.batches('enrolments', BATCH))
    for (const enrolment of batch) if (enrolment.automationId === automationId) counter.enrolment(enrolment);
  for await (const batch of storage.batches('journal', BATCH))
    for (const block of batch) if (block.automationId === automationId) counter.block(block);
  if (counter.hasMessages) {
    for (const type of Object.keys(MESSAGE_FACTS) as MessageFact[]) {
      const facts = await storage.read((reader) => reader.query('events', { index: 'type', equals: type }));
      for (const { properties } of facts) counter.fact(type, properties.messageId);
    }
  }
  return counter.result();
}
