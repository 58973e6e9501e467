import type { Contact } from '$lib/core/rows/contacts';
import { DAY, HOUR, MINUTE, SECOND } from '$lib/core/instants';
import type { Account, Intent, OutboundRequest, OutboxRow } from '$lib/core/rows/messages';
import { aheadId } from '$lib/engine/ahead';
import { Violation } from '../simulation';
import type { Invariant } from './invariant';

const CONSENT = 'nothing is sent without consent, at the moment of sending';
const TIME = 'nothing is sent before its time, and whoever asks for a pause gets it';
const WANTED = 'nothing leaves that no journey waits for, save at the user’s word';
const MARKED = 'nothing leaves that was not marked first';

const PERIOD = { minute: MINUTE, hour: HOUR, day: DAY };

/** Looked at when a message is marked to leave, and when it leaves. */
export const sentWithPermission: Invariant = (simulation) => {
  const { mirror, network } = simulation;
  const byUser = new Set<string>();
  const spent = new Map<string, { since: number; calls: number }>();
  /** What may have been accepted is asked for again while its provider knows the key: the limit does not hold that up. */
  const spend = ({ id, limit }: Account, { doubtSince }: OutboxRow, at: number): void => {
    if (!limit) return;
    const before = spent.get(id);
    const isOver = !before || before.since > at || before.since + PERIOD[limit.per] <= at;
    const now = isOver ? { since: at, calls: 1 } : { ...before, calls: before.calls + 1 };
    spent.set(id, now);
    if (now.calls > limit.calls && doubtSince === undefined)
      throw new Violation(TIME, `${id} makes ${now.calls} calls a ${limit.per}, and ${limit.calls} is its limit`);
  };
  network.outside.leavings.push((_, { rowIds }) => {
    const marked = new Set(mirror.all('intents').flatMap(({ outboxIds }) => outboxIds));
    for (const id of rowIds) if (!marked.has(id)) throw new Violation(MARKED, id);
  });
  return {
    committed: ({ touched, at, role }) => {
      for (const { table, before, after } of touched) {
        const [was, is] = [before, after] as ({ id: string; status: string } | undefined)[];
        if (table === 'outbox' && role === 'edit' && was && was.status !== 'queued' && is?.status === 'queued')
          byUser.add(is.id);
        if (table === 'intents' && before === undefined && after !== undefined)
          for (const id of (after as Intent).outboxIds) {
            const row = mirror.get('outbox', id);
            const contact = row && mirror.get('contacts', row.contactId);
            const enrolment = mirror.get('enrolments', row?.enrolmentId ?? '');
            const wait = enrolment?.wait;
            const isAhead = enrolment !== undefined && aheadId(enrolment) === id;
            if (!(wait?.for === 'outbox' && wait.outboxId === id) && !isAhead && !byUser.has(id))
              throw new Violation(WANTED, `${id} is about to leave`);
            if (!row) throw new Violation(MARKED, `${id} is marked and is not there`);
            if (!contact || contact.hiddenAt !== undefined || isRefused(row.request, contact))
              throw new Violation(CONSENT, `${id} is about to leave`);
            if (row.dueAt > at)
              throw new Violation(TIME, `${id} is about to leave at ${at}, and is due at ${row.dueAt}`);
            const account = mirror.get('accounts', row.accountId ?? '');
            if (account) spend(account, row, at);
            const until = account?.paused;
            if (until && (until.until ?? Infinity) > at + SECOND)
              throw new Violation(TIME, `${id} is about to leave, and its account rests`);
          }
        if (table !== 'outbox' || role !== 'engine' || after === undefined) continue;
        const row = after as { id: string; status: string; dueAt: number; attempts: number; reason?: { key: string } };
        const isNews = (before as { attempts?: number } | undefined)?.attempts !== row.attempts;
        const asked = network.asked.findLast(({ rowId }) => rowId === row.id);
        if (
          isNews &&
          asked &&
          row.status === 'queued' &&
          row.reason?.key === 'words.provider.too_fast' &&
          at - asked.at < 10 * SECOND
        )
          if (row.dueAt < asked.until - SECOND)
            throw new Violation(TIME, `${row.id} is due at ${row.dueAt}, and was to wait until ${asked.until}`);
      }
    }
  };
};

function isRefused(request: OutboundRequest, { blocklist }: Contact): boolean {
  if (request.channel === 'email')
    return request.kind === 'marketing'
      ? blocklist?.campaigns === true
      : (blocklist?.transactionalSenderIds.includes(request.senderId) ?? false);
  return request.channel === 'sms' && request.kind === 'promotional' && blocklist?.sms === true;
}
