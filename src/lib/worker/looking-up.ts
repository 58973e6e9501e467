import { update, type Change } from '$lib/core/changes';
import type { LookUp } from '$lib/core/providers';
import type { Instant } from '$lib/core/instants';
import type { OutboxRow } from '$lib/core/rows/messages';
import { words } from '$lib/core/words';
import { NEVER, nextLookUp } from '$lib/engine/sending';
import type { Reader, Transaction } from '$lib/storage/port';
import { withoutContent } from './content';
import { isWaitingFor, type Move } from './marking';
import { givenBy, type Parts, type Transact } from './parts';
import { routeOf, type Route } from './routes';
import { fieldsWithSecrets } from './secrets';
import { wayOf } from './through-relay';
import { turn } from './turn';

/** Rows that are looked up at once. */
const AT_ONCE = 20;

interface Asked {
  readonly row: OutboxRow;
  /** Null where its account is gone. */
  readonly route: Route | null;
}

/**
 * Asks providers whether they have the calls of which nobody knows whether they arrived. What is found counts as sent, and its journey
 * goes on. What is not found is asked again later, since reports lag; after the last time it is said so, and the user decides.
 */
export class LookingUp {
  private running: Promise<void> | null = null;

  constructor(
    private readonly parts: Parts,
    private readonly transact: Transact
  ) {}

  /** When the next row is to be looked up, after now. */
  async nextDue(reader: Reader, now: Instant): Promise<Instant> {
    const [row] = await reader.query('outbox', {
      index: '[status+dueAt]',
      from: ['uncertain', now + 1],
      to: ['uncertain', NEVER - 1],
      limit: 1
    });
    return row?.dueAt ?? Infinity;
  }

  /** Resolves when none is due. */
  run(): Promise<void> {
    return (this.running ??= this.untilNoneDue().finally(() => (this.running = null)));
  }

  private async untilNoneDue(): Promise<void> {
    while (this.parts.isOnline()) {
      const due = await this.due();
      if (due.length === 0) return;
      const found = await Promise.all(due.map((asked) => this.ask(asked)));
      await this.transact((transaction) => this.record(transaction, due, found));
    }
  }

  private async due(): Promise<Asked[]> {
    const { storage, now, providers } = this.parts;
    return storage.read(async (reader) => {
      const to = ['uncertain', now()];
      const rows = await reader.query('outbox', {
        index: '[status+dueAt]',
        from: ['uncertain', 0],
        to,
        limit: AT_ONCE
      });
      const view = await reader.view();
      return rows.map((row) => ({ row, route: routeOf(row, view, providers) }));
    });
  }

  private async ask({ row, route }: Asked): Promise<LookUp> {
    const { openSecret, now } = this.parts;
    const lookUp = route?.provider.lookUp;
    if (!lookUp) return NOT_ASKED;
    const { provider, account, relay } = route;
    const fields = await fieldsWithSecrets(provider.fields, { ...account?.fields }, openSecret);
    const since = row.firstAttemptAt ?? row.createdAt;
    try {
      const way = await wayOf(account, relay, this.parts);
      if (!way.ok) return { reason: way.reason };
      const { fetch, refusal } = way.value;
      const found = await lookUp({ fields, request: row.request, key: row.id, since, now: now(), fetch });
      const refused = refusal();
      return refused === null ? found : { reason: refused };
    } catch (error) {
      console.error(error instanceof Error ? error.name : 'the adapter failed');
      return { reason: words('words.outbox.adapter_failed') };
    }
  }

  private async record(transaction: Transaction, asked: readonly Asked[], answers: readonly LookUp[]): Promise<void> {
    const given = givenBy(this.parts);
    const { now } = given;
    const rows = await transaction.getMany('outbox', asked.map(({ row }) => row.id)); // prettier-ignore
    const enrolments = await transaction.getMany('enrolments', asked.map(({ row }) => row.enrolmentId)); // prettier-ignore
    const candidates = answers.flatMap((answer) => ('messageIds' in answer ? answer.messageIds : []));
    const known = new Set(
      (await transaction.query('outbox', { index: 'messageId', anyOf: candidates })).map(({ messageId }) => messageId)
    );
    const changes: Change[] = [];
    const moves: Move[] = [];
    for (const [at, answer] of answers.entries()) {
      const row = rows[at];
      const provider = asked[at]?.route?.provider;
      const enrolment = enrolments[at];
      // In the meantime the user may have decided.
      if (row?.status !== 'uncertain') continue;
      const messageId = 'messageIds' in answer ? answer.messageIds.find((id) => !known.has(id)) : undefined;
      const times = (row.lookUps?.times ?? 0) + 1;
      if (messageId === undefined) {
        const dueAt = provider?.lookUp ? nextLookUp(times, now) : NEVER;
        const isLast = dueAt === NEVER && 'messageIds' in answer;
        const reason = isLast ? { reason: words('words.outbox.not_found', { provider: provider?.name ?? '' }) } : {};
        changes.push(update('outbox', row.id, { dueAt, lookUps: { times, at: now }, ...reason }));
        continue;
      }
      known.add(messageId);
      if (row.leavesAt !== undefined) {
        changes.push(update('outbox', row.id, { status: 'scheduled', dueAt: now, messageId, doubtSince: undefined, reason: undefined, lookUps: undefined })); // prettier-ignore
        continue;
      }
      const content = provider?.keepsContent ? {} : withoutContent(row);
      const sent = { status: 'sent', sentAt: row.lastAttemptAt ?? now, messageId, reason: undefined };
      changes.push(update('outbox', row.id, { ...sent, lookUps: { times, at: now }, ...content }));
      if (enrolment && isWaitingFor(enrolment, row))
        moves.push({ enrolment, cause: { by: 'outbox', result: { status: 'sent', messageId } } });
    }
    await turn(transaction, { changes, moves }, { ...this.parts, ...given });
  }
}

const NOT_ASKED: LookUp = { reason: words('words.outbox.account_gone') };
