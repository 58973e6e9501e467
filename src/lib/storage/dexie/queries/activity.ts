import type { Instant } from '$lib/core/instants';
import { DAY } from '$lib/core/instants';
import Dexie from 'dexie';
import type { WorkspaceDatabase } from '../database';

/** An email that left. */
export interface Sent {
  readonly at: Instant;
  readonly messageId: string | undefined;
}

/** A message that was due may leave days later, once the app is open again. */
const LATEST = 14 * DAY;
/** Failed rows looked at, newest first: those before are no longer news. */
const FAILED_LOOKED_AT = 500;

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

/** Sends that wait for the person's word: unanswered ones, and failed ones at which a journey stands still. */
export async function sendsToDecide(database: WorkspaceDatabase): Promise<{ uncertain: number; failed: number }> {
  const of = (status: string) =>
    database.outbox.where('[status+dueAt]').between([status, Dexie.minKey], [status, Dexie.maxKey]);
  const [uncertain, failed] = await Promise.all([
    of('uncertain').count(),
    of('failed').reverse().limit(FAILED_LOOKED_AT).toArray()
  ]);
  const journeys = await database.enrolments.bulkGet(failed.map(({ enrolmentId }) => enrolmentId));
  const stuck = journeys.filter((journey, at) => {
    return journey?.status === 'waiting' && journey.wait?.for === 'person' && journey.stepId === failed[at]?.stepId;
  });
  return { uncertain, failed: stuck.length };
}
