import { SECOND } from '$lib/core/instants';
import { Violation } from '../simulation';
import { isHeldBySource } from './waiting';
import type { Invariant } from './invariant';

const NAME = 'nothing is left behind';

/** With these something is still to happen by itself. */
const DUE: ReadonlySet<string> = new Set(['queued', 'scheduled', 'recalling']);

/** When all is quiet nothing waits that could go on: no event to be matched, no call under way, no journey or message that is due. */
export const nothingLeftBehind: Invariant = (simulation) => ({
  atEnd: () => {
    const { mirror, now } = simulation;
    const [intent] = mirror.all('intents');
    if (intent) throw new Violation(NAME, `${intent.outboxIds.join(', ')} are still on their way`);
    const unmatched = mirror.all('events').find((event) => event.unmatched === 1);
    if (unmatched) throw new Violation(NAME, `event ${unmatched.id} (${unmatched.type}) was never matched`);
    const isRunning = (automationId: string): boolean => mirror.get('automations', automationId)?.status === 'active';
    const due = mirror
      .all('enrolments')
      .filter((one) => (one.dueAt ?? Infinity) < now - SECOND && isRunning(one.automationId))
      .find((one) => !isHeldBySource(simulation, one));
    if (due) throw new Violation(NAME, `${due.id} is due and does not move (${JSON.stringify(due.wait)})`);
    const row = mirror.all('outbox').find(({ status, dueAt }) => DUE.has(status) && dueAt < now - SECOND);
    if (row) throw new Violation(NAME, `${row.id} is due and does not leave`);
    const active = mirror.all('enrolments').find(({ status }) => status === 'active');
    if (active) throw new Violation(NAME, `${active.id} is on its way and waits for nothing`);
    for (const { id, wait } of mirror.all('enrolments')) {
      if (wait?.for !== 'outbox') continue;
      const message = mirror.get('outbox', wait.outboxId);
      if (!DUE.has(message?.status ?? '') && message?.status !== 'uncertain')
        throw new Violation(NAME, `${id} waits for ${wait.outboxId}, which is ${message?.status ?? 'gone'}`);
    }
  }
});
