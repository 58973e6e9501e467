import { update, type Change } from '$lib/core/changes';
import type { Settled } from '$lib/core/definitions';
import type { Id } from '$lib/core/ids';
import type { OutboxRow, OutboxStatus } from '$lib/core/rows/messages';
import { words } from '$lib/core/words';
import type { Transaction } from '$lib/storage/port';
import type { Enrolment } from '$lib/core/rows/automations';
import type { WorkerApi } from '../api';
import { withTheirBatches } from '../batching';
import { isWaitingFor, type Move } from '../marking';
import { turn } from '../turn';
import { onTheirWay } from '../on-their-way';
import { NO_EFFECT, type Desk } from '../desk';

/** The user's word on rows that failed, or of which nobody knows whether they arrived. */
export function outboxEdits(desk: Desk): WorkerApi['outbox'] {
  return {
    retry: (ids) =>
      desk.edit(async (transaction, given) => {
        const some = await chosen(transaction, ids, ['failed', 'uncertain', 'queued']);
        const rows = await withTheirBatches(transaction, some, await onTheirWay(transaction));
        const enrolments = await transaction.getMany('enrolments', rows.map(({ enrolmentId }) => enrolmentId)); // prettier-ignore
        const again = {
          status: 'queued',
          attempts: 0,
          firstAttemptAt: undefined,
          calledOff: undefined,
          lookUps: undefined,
          reason: undefined,
          dueAt: given.now
        };
        const changes: Change[] = [];
        const moves: Move[] = [];
        for (const [at, row] of rows.entries()) {
          const enrolment = enrolments[at];
          // A journey that stands still because of it tries its step again, made from what is there now.
          if (row.status === 'failed' && enrolment && standsAt(enrolment, row)) {
            changes.push(update('outbox', row.id, { status: 'cancelled', reason: words('words.step.retried_by_you') }));
            moves.push({ enrolment, cause: { by: 'person', does: 'retry' } });
            continue;
          }
          // It is the user's word that one may be sent again of which nobody knows; the others may still be repeated as they are.
          const isDecided = row.status === 'uncertain';
          const byHand = row.status === 'queued' ? row.byHand : true;
          // What was to leave later leaves now.
          const leavesAt = row.status === 'queued' ? row.leavesAt : undefined;
          changes.push(
            update('outbox', row.id, {
              ...again,
              byHand,
              leavesAt,
              ...(isDecided ? { doubtSince: undefined, batchKey: undefined } : {})
            })
          );
          if (isDecided && enrolment && isWaitingFor(enrolment, row))
            moves.push({ enrolment, cause: { by: 'person', does: 'send_again' } });
        }
        await turn(transaction, { changes, moves }, { ...desk.parts, ...given });
        return { effect: NO_EFFECT, value: some.length };
      }),
    cancel: (ids) =>
      settle(ids, ['queued', 'failed', 'uncertain'], () => {
        const reason = words('words.outbox.cancelled_by_you');
        return { set: { status: 'cancelled', calledOff: true, reason }, settled: { status: 'failed', reason } };
      }),
    recall: (ids) =>
      settle(ids, ['scheduled'], () => ({
        set: {
          status: 'recalling',
          calledOff: true,
          dueAt: desk.parts.now(),
          lookUps: undefined,
          reason: words('words.outbox.recalling')
        }
      })),
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

/** Whether a journey waits for the user at the step of a message that has failed. */
function standsAt({ wait, stepId, visits }: Enrolment, row: OutboxRow): boolean {
  return wait?.for === 'person' && stepId === row.stepId && (visits[row.stepId] ?? 1) === row.visit;
}
