import { update, type Change } from '$lib/core/changes';
import type { Effect } from '$lib/core/definitions';
import type { Id } from '$lib/core/ids';
import type { Instant } from '$lib/core/instants';
import type { Enrolment } from '$lib/core/rows/automations';
import { words } from '$lib/core/words';
import { ended } from '$lib/engine/advance';
import { journalled } from '$lib/engine/journal';
import { tally, type Tally } from '$lib/engine/tally';
import type { Transaction } from '$lib/storage/port';
import { countedChanges } from './counting';
import { givenUp } from './giving-up';
import { isQueued, onTheirWay } from './on-their-way';
import type { Parts } from './parts';

/** Ends journeys by a person's hand, with a line in each journal; what they had still to send is cancelled. */
export async function endJourneys(
  transaction: Transaction,
  enrolmentIds: readonly Id[],
  now: Instant,
  parts: Pick<Parts, 'providers'>
): Promise<{ effect: Effect; value: number }> {
  const enrolments = (await transaction.getMany('enrolments', enrolmentIds)).filter(
    (one): one is Enrolment => one !== undefined && one.endedAt === undefined
  );
  const contacts = await transaction.getMany(
    'contacts',
    enrolments.map(({ contactId }) => contactId)
  );
  const changes: Change[] = [];
  const counts: Tally = new Map();
  const away = await onTheirWay(transaction);
  const view = await transaction.view();
  for (const [index, enrolment] of enrolments.entries()) {
    const contact = contacts[index];
    if (!contact) continue;
    const { enrolment: after, entries } = ended(
      enrolment,
      { now, contact },
      'exited',
      words('words.engine.ended_by_hand')
    );
    const { id } = enrolment;
    tally({ ...enrolment, entries: [...entries] }, counts);
    const { enrolment: written, blocks } = journalled(after, entries);
    const { status, endedAt, reason, seq } = written;
    changes.push(
      ...blocks,
      update('enrolments', id, {
        status,
        endedAt,
        reason,
        stepId: null,
        wait: undefined,
        dueAt: undefined,
        held: undefined,
        ahead: undefined,
        wakes: undefined,
        entries: written.entries,
        seq
      })
    );
    const rows = await transaction.query('outbox', { from: `${id}/`, to: `${id}/\uffff` });
    changes.push(...rows.filter((row) => isQueued(row, away)).map((row) => givenUp(row, view, parts, now)));
  }
  changes.push(...(await countedChanges(transaction, counts)));
  return { effect: { changes, events: [] }, value: enrolments.length };
}
