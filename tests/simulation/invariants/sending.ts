import type { OutboxRow } from '$lib/core/rows/messages';
import { Violation } from '../simulation';
import type { Invariant } from './invariant';

const NAME = 'a message is sent once';
const DOUBT = 'what may have arrived is not said to be unsent';

/**
 * The providers' own records: each row of the outbox (an enrolment, a step, a visit) was accepted once at most, and once more for each
 * time that the user has sent it again although nobody knew whether it had arrived. What was accepted is not said to be unsent.
 */
export const acceptedOnce: Invariant = ({ mirror, network }) => {
  const sentAgain = new Map<string, number>();
  return {
    committed: ({ touched, role }) => {
      for (const { table, before, after } of touched) {
        if (table !== 'outbox' || !before || !after) continue;
        const [was, is] = [before, after] as [OutboxRow, OutboxRow];
        if (role === 'edit' && was.status === 'uncertain' && is.status === 'queued')
          sentAgain.set(is.id, (sentAgain.get(is.id) ?? 0) + 1);
        if (was.doubtSince !== undefined && UNSENT.has(is.status) && was.status !== is.status && !isCancelledByUser(is))
          throw new Violation(DOUBT, `${is.id} is said to be ${is.status}, and it may have arrived`);
      }
    },
    atEnd: () => {
      network.outside.letLeave();
      const accepted = new Map<string, number>();
      for (const { rowId } of network.outside.acceptances) accepted.set(rowId, (accepted.get(rowId) ?? 0) + 1);
      for (const [rowId, times] of accepted) {
        const allowed = 1 + (sentAgain.get(rowId) ?? 0);
        if (times > allowed)
          throw new Violation(NAME, `${rowId} was accepted ${times} times, ${allowed} at most are right`);
        const row = mirror.get('outbox', rowId);
        // Whoever sends again what may have arrived has the answer of the last try.
        if (row && !sentAgain.has(rowId) && !isCancelledByUser(row) && !KNOWN_AS_SENT.has(row.status))
          throw new Violation(NAME, `${rowId} was accepted, and is said to be ${row.status}`);
      }
    }
  };
};

const KNOWN_AS_SENT: ReadonlySet<string> = new Set(['sent', 'uncertain']);
const UNSENT: ReadonlySet<string> = new Set(['cancelled', 'skipped', 'failed']);

function isCancelledByUser({ status, reason }: OutboxRow): boolean {
  return status === 'cancelled' && reason?.key === 'words.outbox.cancelled_by_you';
}
