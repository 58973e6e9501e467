import type { Id } from '$lib/core/ids';
import { OUTBOX_STATUSES, type OutboxStatus } from '$lib/core/rows/messages';
import type { Tables } from '$lib/core/tables';
import type { TestMessage } from '$lib/core/test-messages';
import Dexie from 'dexie';
import type { WorkspaceDatabase } from '../database';
import type { Page } from './page';

const NOTHING: ReadonlySet<Id> = new Set();

/** Due last first. Those on their way are among those queued, and shown as what they are. */
export async function outboxByStatus(
  database: WorkspaceDatabase,
  { status, offset, limit }: { status: OutboxStatus } & Page
): Promise<Tables['outbox'][]> {
  const away = status === 'queued' || status === 'sending' ? await outboxIdsAway(database) : NOTHING;
  const found = ofStatus(database, status === 'sending' ? 'queued' : status).reverse();
  const rows = status === 'sending' ? found.filter(({ id }) => away.has(id)) : found;
  return (await rows.offset(offset).limit(limit).toArray()).map((row) => shown(row, away));
}

/** Rows that an intent names are on their way. */
export function shown(row: Tables['outbox'], away: ReadonlySet<Id>): Tables['outbox'] {
  return row.status === 'queued' && away.has(row.id) ? { ...row, status: 'sending' } : row;
}

export async function outboxIdsAway(database: WorkspaceDatabase): Promise<ReadonlySet<Id>> {
  return new Set((await database.intents.toArray()).flatMap(({ outboxIds }) => outboxIds));
}

export async function outboxCountsByStatus(database: WorkspaceDatabase): Promise<Record<OutboxStatus, number>> {
  const counts = await Promise.all(OUTBOX_STATUSES.map((status) => ofStatus(database, status).count()));
  return Object.fromEntries(OUTBOX_STATUSES.map((status, at) => [status, counts[at]])) as Record<OutboxStatus, number>;
}

/** What the Sandbox has taken: its mailbox, newest first. */
export function mailbox(database: WorkspaceDatabase, { offset, limit }: Page): Promise<Tables['outbox'][]> {
  return ofStatus(database, 'sent').reverse().filter(isInMailbox).offset(offset).limit(limit).toArray();
}

/** Emails that were tried in the Sandbox, newest first. */
export async function testMessages({ runtime }: WorkspaceDatabase): Promise<readonly TestMessage[]> {
  const row = await runtime.get('tests');
  return row?.id === 'tests' ? row.messages : [];
}

export function messageById(database: WorkspaceDatabase, outboxId: Id): Promise<Tables['outbox'] | undefined> {
  return database.outbox.get(outboxId);
}

/** What readers did with a message of the mailbox, oldest first. */
export async function reactionsByMessage(database: WorkspaceDatabase, outboxId: Id): Promise<Tables['reactions'][]> {
  const rows = await database.reactions.where('outboxId').equals(outboxId).toArray();
  return rows.sort((left, right) => left.at - right.at);
}

function ofStatus(database: WorkspaceDatabase, status: OutboxStatus) {
  return database.outbox.where('[status+dueAt]').between([status, Dexie.minKey], [status, Dexie.maxKey]);
}

function isInMailbox({ accountId, request }: Tables['outbox']): boolean {
  return accountId === null && request.channel !== 'webhook';
}
