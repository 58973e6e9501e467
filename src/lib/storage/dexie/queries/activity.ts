import type { Id } from '$lib/core/ids';
import type { Instant } from '$lib/core/instants';
import { DAY } from '$lib/core/instants';
import type { Enrolment } from '$lib/core/rows/automations';
import type { OutboxRow } from '$lib/core/rows/messages';
import { WAITS_FOR_PERSON, wakeKey } from '$lib/core/wakes';
import Dexie from 'dexie';
import type { WorkspaceDatabase } from '../database';

/** An email that left. */
export interface Sent {
  readonly at: Instant;
  readonly messageId: string | undefined;
}

/** A message that was due may leave days later, once the app is open again. */
const LATEST = 14 * DAY;

/** Emails that left since an instant, in no order. */
export async function sentSince(database: WorkspaceDatabase, since: Instant): Promise<Sent[]> {
  const sent: Sent[] = [];
  await database.outbox
    .where('[status+dueAt]')
    .between(['sent', since - LATEST], ['sent', Dexie.maxKey])
    .each(({ sentAt, request, messageId }) => {
      if (request.channel === 'email' && sentAt !== undefined && sentAt >= since) sent.push({ at: sentAt, messageId });
    });
  return sent;
}

/** Messages that a person, not a machine, has opened since an instant. */
export async function openedSince(database: WorkspaceDatabase, since: Instant): Promise<Set<string>> {
  const opened = new Set<string>();
  // Ids are in the order of time, and stand behind the type in the index.
  const newestFirst = database.events.where('type').equals('email.opened').reverse();
  await newestFirst
    .until(({ receivedAt }) => receivedAt < since)
    .each(({ properties }) => {
      const { messageId, machineOpen } = properties;
      if (typeof messageId === 'string' && machineOpen !== true) opened.add(messageId);
    });
  return opened;
}

/** What waits for the person's word: unanswered sends, and journeys that stand still at a step that has failed. */
export async function sendsToDecide(database: WorkspaceDatabase): Promise<{ uncertain: number; failed: number }> {
  const uncertain = database.outbox
    .where('[status+dueAt]')
    .between(['uncertain', Dexie.minKey], ['uncertain', Dexie.maxKey]);
  const [unanswered, failed] = await Promise.all([uncertain.count(), standing(database).count()]);
  return { uncertain: unanswered, failed };
}

/** More of them are decided on in several goes. */
const MOST = 5_000;

/** Journeys that wait for the user, the longest-waiting first. */
export async function standingJourneys(database: WorkspaceDatabase): Promise<Enrolment[]> {
  return (await standing(database).limit(MOST).toArray()).sort((left, right) => left.since - right.since);
}

function standing({ enrolments }: WorkspaceDatabase) {
  return enrolments.where('wakes').startsWith(wakeKey(WAITS_FOR_PERSON, ''));
}

/** Sends of which nobody knows whether they arrived. */
export function uncertainSends({ outbox }: WorkspaceDatabase): Promise<OutboxRow[]> {
  return outbox
    .where('[status+dueAt]')
    .between(['uncertain', Dexie.minKey], ['uncertain', Dexie.maxKey])
    .limit(MOST)
    .toArray();
}

/** How many messages wait because their account rests, by account. */
export async function heldByAccount(database: WorkspaceDatabase): Promise<ReadonlyMap<Id, number>> {
  const paused = (await database.accounts.toArray()).filter((account) => account.paused).map(({ id }) => id);
  const counts = new Map(paused.map((id) => [id, 0]));
  if (paused.length === 0) return counts;
  await database.outbox
    .where('[status+dueAt]')
    .between(['queued', Date.now()], ['queued', Dexie.maxKey])
    .limit(MOST)
    .each(({ accountId, reason }) => {
      const count = counts.get(accountId ?? '');
      if (accountId !== null && count !== undefined && reason) counts.set(accountId, count + 1);
    });
  return counts;
}

/** How many journeys of each automation have failed since an instant. */
export async function failedSince(database: WorkspaceDatabase, since: Instant): Promise<ReadonlyMap<Id, number>> {
  const counts = new Map<Id, number>();
  for (const { id } of await database.automations.toArray()) {
    const failed = await database.enrolments
      .where('[automationId+status]')
      .equals([id, 'failed'])
      .limit(MOST)
      .toArray();
    const count = failed.filter(({ endedAt = 0 }) => endedAt >= since).length;
    if (count > 0) counts.set(id, count);
  }
  return counts;
}
