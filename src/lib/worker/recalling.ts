import { update, type Change } from '$lib/core/changes';
import { MINUTE, type Instant } from '$lib/core/instants';
import type { CancelResult } from '$lib/core/providers';
import type { OutboxRow } from '$lib/core/rows/messages';
import { words, type Words } from '$lib/core/words';
import { seedOf } from '$lib/engine/enrolments';
import { backOff, MOST_ATTEMPTS, NEVER } from '$lib/engine/sending';
import type { Reader, Transaction } from '$lib/storage/port';
import { withoutContent } from './content';
import { isWaitingFor, type Move } from './marking';
import { givenBy, type Parts, type Transact } from './parts';
import { routeOf, type Route } from './routes';
import { fieldsWithSecrets, lacksKey } from './secrets';
import { wayOf } from './through-relay';
import { turn } from './turn';

/** Rows that are taken back at once. */
const AT_ONCE = 20;

/** Until the passphrase is there. */
const LOCKED_FOR = MINUTE;

type Outcome = CancelResult | { readonly status: 'locked' } | { readonly status: 'gone' };

interface Asked {
  readonly row: OutboxRow;
  /** Null where its account is gone. */
  readonly route: Route | null;
}

/**
 * Asks providers to give back what was handed over and is not meant any more. To ask twice does no harm, so that nothing is marked
 * before: a row is asked for until there is an answer. What cannot be stopped, or of which nobody can say whether it was, is the user's.
 */
export class Recalling {
  private running: Promise<void> | null = null;

  constructor(
    private readonly parts: Parts,
    private readonly transact: Transact
  ) {}

  async nextDue(reader: Reader, now: Instant): Promise<Instant> {
    const [row] = await reader.query('outbox', { ...due(now + 1, NEVER - 1), limit: 1 });
    return row?.dueAt ?? Infinity;
  }

  /** Resolves when none is due. */
  run(): Promise<void> {
    return (this.running ??= this.untilNoneDue().finally(() => (this.running = null)));
  }

  private async untilNoneDue(): Promise<void> {
    const { storage, now, providers } = this.parts;
    while (this.parts.isOnline()) {
      const asked = await storage.read(async (reader): Promise<Asked[]> => {
        const rows = await reader.query('outbox', { ...due(0, now()), limit: AT_ONCE });
        const view = await reader.view();
        return rows.map((row) => ({ row, route: routeOf(row, view, providers) }));
      });
      if (asked.length === 0) return;
      const outcomes = await Promise.all(asked.map((one) => this.ask(one)));
      await this.transact((transaction) => this.record(transaction, asked, outcomes));
    }
  }

  private async ask({ row, route }: Asked): Promise<Outcome> {
    const { openSecret } = this.parts;
    const ahead = route?.provider.ahead;
    if (!ahead) return { status: 'gone' };
    const { provider, account, relay } = route;
    try {
      const fields = await fieldsWithSecrets(provider.fields, { ...account?.fields }, openSecret);
      if (lacksKey(provider.fields, fields)) return { status: 'locked' };
      const way = await wayOf(account, relay, this.parts);
      if (!way.ok) return { status: 'retry', after: null, reason: way.reason };
      const { fetch, refusal } = way.value;
      const result = await ahead.cancel({ fields, messageId: row.messageId, key: row.id, fetch });
      const refused = refusal();
      return refused === null ? result : { status: 'retry', after: null, reason: refused };
    } catch (error) {
      console.error(error instanceof Error ? error.name : 'the adapter failed');
      return { status: 'unknown', reason: words('words.outbox.adapter_failed') };
    }
  }

  private async record(transaction: Transaction, asked: readonly Asked[], outcomes: readonly Outcome[]): Promise<void> {
    const given = givenBy(this.parts);
    const { now } = given;
    const rows = await transaction.getMany('outbox', asked.map(({ row }) => row.id)); // prettier-ignore
    const enrolments = await transaction.getMany('enrolments', asked.map(({ row }) => row.enrolmentId)); // prettier-ignore
    const changes: Change[] = [];
    const moves: Move[] = [];
    for (const [at, outcome] of outcomes.entries()) {
      const row = rows[at];
      const enrolment = enrolments[at];
      if (row?.status !== 'recalling') continue;
      const set = whatBecomes(row, outcome, asked[at]?.route ?? null, now);
      changes.push(update('outbox', row.id, set));
      if (set.status === 'recalled' && enrolment && isWaitingFor(enrolment, row))
        moves.push({
          enrolment,
          cause: row.calledOff
            ? { by: 'outbox', result: { status: 'failed', reason: words('words.outbox.recalled_by_you') } }
            : { by: 'recall' }
        });
    }
    await turn(transaction, { changes, moves }, { ...this.parts, ...given });
  }
}

function whatBecomes(row: OutboxRow, outcome: Outcome, route: Route | null, now: Instant): Record<string, unknown> {
  const times = (row.lookUps?.times ?? 0) + 1;
  const asked = { lookUps: { times, at: now } };
  const uncertain = (reason: Words) => ({ ...asked, status: 'uncertain', reason, dueAt: NEVER });
  const isGone = outcome.status === 'late' && cannotHaveLeft(row, route, now);
  if (outcome.status === 'cancelled' || isGone) {
    const reason = words(row.calledOff ? 'words.outbox.recalled_by_you' : 'words.outbox.recalled');
    return { ...asked, status: 'recalled', reason, dueAt: now, ...withoutContent(row) };
  }
  switch (outcome.status) {
    case 'late':
      return uncertain(words('words.outbox.recall_late', { reason: outcome.reason }));
    case 'gone':
      return uncertain(words('words.outbox.recall_gone'));
    case 'locked':
      return { dueAt: now + LOCKED_FOR, reason: words('words.outbox.key_locked') };
    default: {
      if (times >= MOST_ATTEMPTS) return uncertain(words('words.outbox.recall_unknown', { reason: outcome.reason }));
      const wait = ('after' in outcome ? outcome.after : null) ?? backOff(times, seedOf(row.id));
      const at = 'at' in outcome && outcome.at !== undefined ? Math.max(outcome.at, now) : now + wait;
      return { ...asked, dueAt: at, reason: outcome.reason };
    }
  }
}

/** What is not there any more long before its time, after it was asked for already, was given back then. */
function cannotHaveLeft({ lookUps, leavesAt = 0 }: OutboxRow, route: Route | null, now: Instant): boolean {
  return (lookUps?.times ?? 0) > 0 && now < leavesAt - (route?.provider.ahead?.cancelBefore ?? 0);
}

function due(from: Instant, to: Instant) {
  return { index: '[status+dueAt]', from: ['recalling', from], to: ['recalling', to] } as const;
}
