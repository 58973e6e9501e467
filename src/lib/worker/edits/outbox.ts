import { update, type Change } from '$lib/core/changes';
import type { Settled } from '$lib/core/definitions';
import type { Id } from '$lib/core/ids';
import type { OutboxRow, OutboxStatus } from '$lib/core/rows/messages';
import { words } from '$lib/core/words';
import type { Transaction } from '$lib/storage/port';
import type { WorkerApi } from '../api';
import { onTheirWay } from '../on-their-way';
import { NO_EFFECT, type Desk } from '../desk';

/** The user's word on rows that failed, or of which nobody knows whether they arrived. */
export function outboxEdits(desk: Desk): WorkerApi['outbox'] {
  return {
    retry: (ids) =>
      settle(ids, ['failed', 'uncertain', 'queued'], () => ({
        set: { status: 'queued', attempts: 0, firstAttemptAt: undefined, reason: undefined, dueAt: desk.parts.now() }
      })),
    cancel: (ids) =>
      settle(ids, ['queued', 'failed', 'uncertain'], () => {
        const reason = words('words.outbox.cancelled_by_you');
        return { set: { status: 'cancelled', reason }, settled: { status: 'failed', reason } };
      }),
    confirmSent: (ids) =>
      settle(ids, ['uncertain'], () => ({
        set: { status: 'sent', sentAt: desk.parts.now(), reason: undefined },
        settled: { status: 'sent' }
      }))
  };

  function settle(
    ids: readonly Id[],
    from: readonly OutboxStatus[],
    become: () => { set: Partial<Record<keyof OutboxRow, unknown>>; settled?: Settled }
  ): Promise<number> {
    return desk.edit(async (transaction) => {
      const rows = await chosen(transaction, ids, from);
      const { set, settled } = become();
      const changes: Change[] = rows.map(({ id }) => update('outbox', id, set));
      if (!settled) return { effect: { changes, events: [] }, value: rows.length };
      await transaction.apply(changes);
      await desk.moveOn(transaction, rows, settled);
      return { effect: NO_EFFECT, value: rows.length };
    });
  }
}

async function chosen(
  transaction: Transaction,
  ids: readonly Id[],
  from: readonly OutboxStatus[]
): Promise<OutboxRow[]> {
  const away = await onTheirWay(transaction);
  return (await transaction.getMany('outbox', ids)).filter(
    (row): row is OutboxRow => row !== undefined && from.includes(row.status) && !away.has(row.id)
  );
}
