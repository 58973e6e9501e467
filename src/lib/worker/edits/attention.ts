import { update, type Change } from '$lib/core/changes';
import type { Id } from '$lib/core/ids';
import { ok } from '$lib/core/result';
import type { Enrolment } from '$lib/core/rows/automations';
import { words } from '$lib/core/words';
import { outboxId } from '$lib/engine/steps';
import type { WorkerApi } from '../api';
import { NO_EFFECT, type Desk } from '../desk';
import { endJourneys } from '../journeys';
import type { Removals } from '../removals';
import { turn } from '../turn';

/** Journeys in one transaction. */
const BATCH = 500;

/** The user's word on journeys that stand still at a step that has failed. */
export function attentionEdits(desk: Desk, removals: Removals): WorkerApi['attention'] {
  /** In batches; returns how many it concerned: a journey that has gone on meanwhile is left alone. */
  async function decide(ids: readonly Id[], does: 'retry' | 'skip'): Promise<number> {
    let concerned = 0;
    for (let start = 0; start < ids.length; start += BATCH) {
      const some = ids.slice(start, start + BATCH);
      concerned += await desk.edit(async (transaction, given) => {
        const found = await transaction.getMany('enrolments', some);
        const standing = found.filter((one): one is Enrolment => one?.wait?.for === 'person');
        const failed = standing.map(({ id, stepId, visits }) => outboxId(id, stepId ?? '', visits[stepId ?? ''] ?? 1));
        const rows = await transaction.getMany('outbox', failed);
        const reason = words(`words.step.${does === 'retry' ? 'retried_by_you' : 'skipped_by_you'}`);
        const changes = rows.flatMap((row): Change[] =>
          row?.status === 'failed' ? [update('outbox', row.id, { status: 'cancelled', reason })] : []
        );
        const moves = standing.map((enrolment) => ({ enrolment, cause: { by: 'person', does } as const }));
        await turn(transaction, { changes, moves }, { ...desk.parts, ...given });
        return { effect: NO_EFFECT, value: standing.length };
      });
    }
    return concerned;
  }

  return {
    retry: (ids) => decide(ids, 'retry'),
    skip: (ids) => decide(ids, 'skip'),
    exit: (ids) =>
      removals.remove(async (step) => {
        for (let start = 0; start < ids.length; start += BATCH)
          await step(async (transaction, { now }) => {
            const { effect } = await endJourneys(transaction, ids.slice(start, start + BATCH), now, desk.parts);
            return ok({ effect, value: undefined });
          });
        return ok(undefined);
      })
  };
}
