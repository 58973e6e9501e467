import { expect, type Page } from '@playwright/test';
import { journalOf } from '../../../src/lib/engine/journal';
import { tally, type Tally } from '../../../src/lib/engine/tally';
import type { Brevo } from '../../loopback/brevo';
import { readRows } from './rows';

/** What the journal of every contact of the workspace says, in the end. */
const WHOLE = ['entered', 'queued', 'sent', 'next', 'next', 'completed'];

/** Waits until nobody is under way any more: first for the provider, since reading all rows slows what is waited for. */
export async function untilDone(page: Page, contacts: number, brevo: Brevo, timeout: number): Promise<void> {
  await expect.poll(() => brevo.messages.length, { timeout, intervals: [250] }).toBeGreaterThanOrEqual(contacts);
  const ended = async (): Promise<number> =>
    (await readRows(page, ['enrolments'])).enrolments.filter(({ endedAt }) => endedAt !== undefined).length;
  await expect.poll(ended, { timeout, intervals: [1_000] }).toBe(contacts);
}

/** Each message is once at the provider, each step's own work is done once, and the journal and the counts say so. */
export async function expectWhole(page: Page, contacts: number, brevo: Brevo): Promise<void> {
  const { enrolments, journal, outbox, intents, events, statistics, contacts: people } = await readRows(page, ['enrolments', 'journal', 'outbox', 'intents', 'events', 'statistics', 'contacts']); // prettier-ignore
  const addresses = brevo.messages.map(({ to }) => to[0]?.email ?? '');
  expect(addresses.filter((address, at) => addresses.indexOf(address) !== at)).toEqual([]);
  expect(addresses).toHaveLength(contacts);
  expect(enrolments.filter(({ status }) => status !== 'completed')).toEqual([]);
  expect(enrolments).toHaveLength(contacts);
  const counts: Tally = new Map();
  for (const enrolment of enrolments) {
    const blocks = journal.filter(({ enrolmentId }) => enrolmentId === enrolment.id);
    expect(journalOf(enrolment, blocks).map(({ kind, branch }) => branch ?? kind)).toEqual(WHOLE);
    for (const block of [...blocks, enrolment]) tally(block, counts);
  }
  expect(new Map(statistics.map((one) => [one.id, one.count]))).toEqual(
    new Map([...counts.values()].map((one) => [one.id, one.count]))
  );
  expect(outbox.filter(({ status }) => status !== 'sent')).toEqual([]);
  expect(new Set(outbox.map(({ messageId }) => messageId)).size).toBe(contacts);
  expect(intents).toEqual([]);
  expect(people.filter(({ attributes, listIds }) => attributes.RECEIVED !== 1 || !listIds.includes('l2'))).toEqual([]);
  const joined = events.filter(
    ({ type, properties }) => type === 'contact.added_to_list' && properties.listId === 'l2'
  );
  expect(new Set(joined.map(({ contactId }) => contactId)).size).toBe(contacts);
  expect(joined).toHaveLength(contacts);
}
