import { update, type Change } from '$lib/core/changes';
import type { Instant } from '$lib/core/instants';
import type { OutboxRow } from '$lib/core/rows/messages';
import { NEVER } from '$lib/engine/sending';
import type { Transaction } from '$lib/storage/port';
import type { Desk } from './desk';

/** Rows that had been put aside for later, or until somebody's word, may leave again. */
export async function freed(
  transaction: Transaction,
  now: Instant,
  isMeant: (row: OutboxRow) => boolean
): Promise<Change[]> {
  const rows = await transaction.query('outbox', {
    index: '[status+dueAt]',
    from: ['queued', now + 1],
    to: ['queued', NEVER]
  });
  return rows.filter(isMeant).map(({ id }) => update('outbox', id, { dueAt: now, reason: undefined }));
}

/** The passphrase was given: what waited for a key leaves. */
export async function freeLocked(desk: Desk): Promise<void> {
  await desk.edit(async (transaction, { now }) => {
    const changes = await freed(transaction, now, ({ reason }) => reason?.key === 'words.outbox.key_locked');
    return { effect: { changes, events: [] }, value: undefined };
  });
}
