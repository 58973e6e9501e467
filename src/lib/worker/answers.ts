import { update, type Change } from '$lib/core/changes';
import type { Settled } from '$lib/core/definitions';
import type { Instant } from '$lib/core/instants';
import type { Account, OutboxRow } from '$lib/core/rows/messages';
import { words, type Words } from '$lib/core/words';
import { seedOf } from '$lib/engine/enrolments';
import { backOff, mayRepeat, MOST_ATTEMPTS, NEVER } from '$lib/engine/sending';
import type { Transaction } from '$lib/storage/port';
import { withoutContent } from './content';
import { isInDoubt } from './giving-up';
import type { Answered } from './lanes';
import { isWaitingFor, isWanted, type Move } from './marking';
import { arrived, inDoubt, lookedUpFrom } from './on-their-way';

/** What an answer makes of its row, what the enrolment is told, and whether the account rests. */
interface Outcome {
  readonly set: Readonly<Record<string, unknown>>;
  readonly settled?: Settled;
  readonly pause?: Account['paused'];
}

/** What answers make of their rows and accounts, and which journeys they move. */
export async function recordAnswers(
  transaction: Transaction,
  answered: readonly Answered[],
  now: Instant
): Promise<{ changes: Change[]; moves: Move[] }> {
  const enrolments = await transaction.getMany(
    'enrolments',
    answered.map(({ row }) => row.enrolmentId)
  );
  const changes: Change[] = await arrived(transaction, answered);
  const moves: Move[] = [];
  const paused = new Set<string>();
  for (const [index, call] of answered.entries()) {
    const { row, account, result } = call;
    const enrolment = enrolments[index];
    const { set, settled, pause } = outcomeOf(call, now);
    const isAwaited = enrolment !== undefined && isWaitingFor(enrolment, row);
    const ended =
      set.status === 'queued' && !isWanted(row, enrolment)
        ? withoutJourney({ ...row, ...set }, call, now)
        : set.status === 'failed' && row.leavesAt !== undefined && !isAwaited
          ? // Its journey has not come to it yet: it is made anew then, and may fail then.
            { status: 'cancelled', reason: set.reason, ...withoutContent(row) }
          : set;
    const batch = row.batchKey === undefined ? {} : { batchKey: batchAfter(row, ended) };
    changes.push(update('outbox', row.id, { ...(call.made ? attemptOf(row) : {}), ...ended, ...batch }));
    if (result?.status === 'accepted' && account?.paused)
      changes.push(update('accounts', account.id, { paused: undefined }));
    if (pause && account && !paused.has(account.id)) {
      paused.add(account.id);
      changes.push(update('accounts', account.id, { paused: pause }));
    }
    if (settled && isAwaited) moves.push({ enrolment, cause: { by: 'outbox', result: settled } });
  }
  return { changes, moves };
}

function outcomeOf({ row, provider, account, result }: Answered, now: Instant): Outcome {
  if (result === null) return { set: { status: 'queued', dueAt: now } };
  switch (result.status) {
    case 'locked':
      return { set: { status: 'queued', dueAt: NEVER, reason: words('words.outbox.key_locked') } };
    case 'accepted': {
      const { messageId, answer } = result;
      // It is looked at at once whether it is still meant.
      if (row.leavesAt !== undefined)
        return { set: { status: 'scheduled', dueAt: now, messageId, doubtSince: undefined, reason: undefined } };
      const set = {
        status: 'sent',
        sentAt: now,
        messageId,
        reason: undefined,
        ...(provider.keepsContent ? {} : withoutContent(row))
      };
      return {
        set,
        settled: {
          status: 'sent',
          ...(messageId === undefined ? {} : { messageId }),
          ...(answer === undefined ? {} : { answer })
        }
      };
    }
    case 'apart':
      if (isInDoubt(row)) return failedFor(row, provider, result.reason, now);
      return { set: { status: 'queued', dueAt: now, apart: true } };
    case 'rejected':
      // What concerns the whole account is no fault of this message: it waits with the others.
      if (result.scope === 'account')
        return {
          // Where another account stands in for this one it is tried again at once.
          set: { status: 'queued', dueAt: account?.fallbackId === undefined ? NEVER : now, reason: result.reason },
          pause: { reason: result.reason, since: now, until: null }
        };
      return failedFor(row, provider, result.reason, now);
    case 'retry': {
      if (row.attempts >= MOST_ATTEMPTS && result.scope === 'recipient')
        return failedFor(row, provider, result.reason, now);
      const wait = result.after ?? backOff(row.attempts, seedOf(row.id));
      const dueAt = result.at === undefined ? now + wait : Math.max(result.at, now);
      const set = { status: 'queued', dueAt, reason: result.reason };
      return result.scope === 'account' ? { set, pause: { reason: result.reason, since: now, until: dueAt } } : { set };
    }
    case 'unknown': {
      // What was sent together is repeated together.
      const dueAt = now + backOff(row.attempts, seedOf(row.batchKey ?? row.id));
      const doubt = inDoubt(row, now);
      if (row.attempts < MOST_ATTEMPTS && mayRepeat(provider.idempotencyWindow, doubt.doubtSince, dueAt)) {
        return { set: { status: 'queued', dueAt, reason: result.reason, ...doubt } };
      }
      return { set: { status: 'uncertain', reason: result.reason, ...doubt, ...lookedUpFrom(provider, now) } };
    }
  }
}

/** A row is of its batch for as long as it is to be repeated with it. */
function batchAfter(row: OutboxRow, ended: Outcome['set']): OutboxRow['batchKey'] {
  return ended.status === 'queued' && isInDoubt({ ...row, ...ended }) ? row.batchKey : undefined;
}

/** A row that would be tried again, but whose journey has gone on or ended while it was on its way. */
function withoutJourney(row: OutboxRow, { provider }: Answered, now: Instant): Outcome['set'] {
  if (!isInDoubt(row)) return { status: 'cancelled', ...withoutContent(row) };
  return { status: 'uncertain', reason: words('words.outbox.cut_off'), ...lookedUpFrom(provider, now) };
}

function attemptOf({ attempts, firstAttemptAt, lastAttemptAt }: OutboxRow): Record<string, unknown> {
  return { attempts, firstAttemptAt, lastAttemptAt };
}

/** A try that may have been accepted is not undone by a later one that was refused. */
function failedFor({ doubtSince }: OutboxRow, provider: Answered['provider'], reason: Words, now: Instant): Outcome {
  if (doubtSince !== undefined) return { set: { status: 'uncertain', reason, ...lookedUpFrom(provider, now) } };
  return { set: { status: 'failed', reason }, settled: { status: 'failed', reason } };
}
