import { update, type Change } from '$lib/core/changes';
import type { ProviderDefinition, SendResult, Settled } from '$lib/core/definitions';
import type { Instant } from '$lib/core/instants';
import type { Enrolment } from '$lib/core/rows/automations';
import type { Account, OutboxRow } from '$lib/core/rows/messages';
import type { WorkspaceView } from '$lib/core/tables';
import { words, type Words } from '$lib/core/words';
import type { Cause } from '$lib/engine/advance';
import { seedOf } from '$lib/engine/enrolments';
import { backOff, mayRepeat, MOST_ATTEMPTS, NEVER, permission } from '$lib/engine/sending';
import type { Reader } from '$lib/storage/port';
import { givenBy, type Parts, type Transact } from './parts';
import { fieldsWithSecrets } from './secrets';
import { turn } from './turn';

/** Rows that are marked and recorded in one transaction. */
const BATCH = 200;

/** A call that leaves now: its row is marked `sending` on the disk. */
interface Call {
  readonly row: OutboxRow;
  readonly provider: ProviderDefinition;
  readonly account: Account | null;
}

interface Answered extends Call {
  readonly result: SendResult;
  /** False where an earlier answer had stopped the account: the call did not leave. */
  readonly made: boolean;
}

/**
 * Makes the calls of the outbox. A row is marked `sending`, strictly, before its call leaves; the answer is recorded in the same
 * transaction that moves its enrolment on. While one batch is on its way, the next is marked and the last one recorded.
 */
export class Dispatcher {
  constructor(
    private readonly parts: Parts,
    private readonly transact: Transact
  ) {}

  /** Rows that were on their way when the last runner died: repeated under their key while it holds, else the user is asked. */
  async recover(): Promise<void> {
    await this.transact(async (transaction) => {
      const view = await transaction.view();
      const { now } = givenBy(this.parts);
      const cut = await transaction.query('outbox', {
        index: '[status+dueAt]',
        from: ['sending', 0],
        to: ['sending', NEVER]
      });
      await transaction.apply(
        cut.map((row) => {
          const window = this.providerOf(row, view)?.provider.idempotencyWindow ?? null;
          return mayRepeat(window, row.firstAttemptAt ?? now, now)
            ? update('outbox', row.id, { status: 'queued', dueAt: now })
            : update('outbox', row.id, { status: 'uncertain', reason: words('words.outbox.cut_off') });
        })
      );
    });
  }

  async hasDue(reader: Reader, now: Instant): Promise<boolean> {
    return this.parts.isOnline() && (await reader.count('outbox', dueUpTo(now))) > 0;
  }

  async nextDue(reader: Reader, now: Instant): Promise<Instant> {
    const [row] = await reader.query('outbox', {
      index: '[status+dueAt]',
      from: ['queued', now + 1],
      to: ['queued', NEVER],
      limit: 1
    });
    return row?.dueAt ?? Infinity;
  }

  async run(): Promise<void> {
    // No call starts while offline: a failed one would not say whether it left.
    let batch = await this.mark();
    let recording: Promise<void> = Promise.resolve();
    while (batch.length > 0) {
      const sending = this.sendAll(batch);
      await recording;
      const next = this.mark();
      const answered = await sending;
      recording = this.record(answered);
      batch = await next;
    }
    await recording;
  }

  /** Marks the next rows that may leave; the others are settled, or wait for their time. */
  private async mark(): Promise<Call[]> {
    const { storage } = this.parts;
    const isDue = await storage.read((reader) => this.hasDue(reader, this.parts.now()));
    if (!isDue) return [];
    return this.transact(async (transaction) => {
      const given = givenBy(this.parts);
      const { now } = given;
      const view = await transaction.view();
      const rows = await transaction.query('outbox', { ...dueUpTo(now), limit: BATCH });
      const [contacts, enrolments] = await Promise.all([
        transaction.getMany(
          'contacts',
          rows.map(({ contactId }) => contactId)
        ),
        transaction.getMany(
          'enrolments',
          rows.map(({ enrolmentId }) => enrolmentId)
        )
      ]);
      const calls: Call[] = [];
      const changes: Change[] = [];
      const moves: { enrolment: Enrolment; cause: Cause }[] = [];
      for (const [index, row] of rows.entries()) {
        const contact = contacts[index];
        const enrolment = enrolments[index];
        const version = enrolment && view.versions.get(enrolment.versionId);
        const capped =
          (version?.settings.frequencyCap ?? view.settings.get('workspace')?.frequencyCap ?? null) !== null;
        const earlier = capped
          ? (await transaction.query('outbox', { index: 'contactId', equals: row.contactId })).filter(
              ({ id }) => id !== row.id
            )
          : [];
        const allowed = permission(row, contact, version, earlier, view, now);
        const route = this.providerOf(row, view);
        if (allowed.may === 'wait') changes.push(update('outbox', row.id, { dueAt: allowed.until }));
        else if (allowed.may === 'skip') {
          changes.push(update('outbox', row.id, { status: 'skipped', reason: allowed.reason, ...withoutContent(row) }));
          if (enrolment)
            moves.push({ enrolment, cause: { by: 'outbox', result: { status: 'skipped', reason: allowed.reason } } });
        } else if (!route) {
          changes.push(update('outbox', row.id, { dueAt: NEVER, reason: words('words.outbox.account_gone') }));
        } else if (isPaused(route.account, now)) {
          const { until, reason } = route.account.paused;
          changes.push(update('outbox', row.id, { dueAt: until ?? NEVER, reason }));
        } else {
          const request =
            row.attempts === 0 && row.request.channel === 'email' && contact?.email !== undefined
              ? { ...row.request, to: { ...row.request.to, email: contact.email } }
              : row.request;
          const marked: Partial<OutboxRow> = {
            status: 'sending',
            attempts: row.attempts + 1,
            firstAttemptAt: row.firstAttemptAt ?? now,
            lastAttemptAt: now,
            request
          };
          changes.push(update('outbox', row.id, marked));
          calls.push({ ...route, row: { ...row, ...marked } });
        }
      }
      await turn(transaction, { changes, moves }, { ...this.parts, ...given });
      return calls;
    }, 'strict');
  }

  /** Up to the provider's concurrency at once; the order is that of the rows. */
  private async sendAll(calls: readonly Call[]): Promise<Answered[]> {
    const answered: Answered[] = [];
    const stopped = new Map<string, SendResult>();
    const byProvider = new Map<ProviderDefinition, Call[]>();
    for (const call of calls) byProvider.set(call.provider, [...(byProvider.get(call.provider) ?? []), call]);
    await Promise.all(
      [...byProvider].map(async ([provider, queue]) => {
        const ahead = queue.values();
        const lane = async (): Promise<void> => {
          for (const call of ahead) {
            // An answer that concerns the account spares the rest of its rows the same answer.
            const told = stopped.get(call.account?.id ?? '');
            const result = told ?? (await this.send(call));
            if (call.account && 'scope' in result && result.scope === 'account') stopped.set(call.account.id, result);
            answered.push({ ...call, result, made: told === undefined });
          }
        };
        await Promise.all(Array.from({ length: Math.min(provider.concurrency, queue.length) }, lane));
      })
    );
    return answered;
  }

  private async send({ row, provider, account }: Call): Promise<SendResult> {
    const { openSecret, fetch, now } = this.parts;
    const { request } = row;
    const signing = request.channel === 'webhook' ? { signingSecret: request.signingSecretId ?? null } : {};
    const fields = await fieldsWithSecrets(provider.fields, { ...account?.fields, ...signing }, openSecret);
    const isLocked = Object.entries(provider.fields).some(
      ([name, { control, required }]) => control.kind === 'secret' && required && fields[name] === null
    );
    if (isLocked) return { status: 'retry', scope: 'account', after: null, reason: words('words.outbox.key_locked') };
    try {
      return await provider.send({
        fields,
        request: await this.withSecretHeaders(request),
        key: row.id,
        fetch,
        now: now()
      });
    } catch (error) {
      console.error(error instanceof Error ? error.name : 'the adapter failed');
      return { status: 'unknown', reason: words('words.outbox.adapter_failed') };
    }
  }

  private async withSecretHeaders(request: OutboxRow['request']): Promise<OutboxRow['request']> {
    if (request.channel !== 'webhook' || !request.secretHeaders) return request;
    const headers = { ...request.headers };
    for (const [name, id] of Object.entries(request.secretHeaders))
      headers[name] = (await this.parts.openSecret(id)) ?? '';
    return { ...request, headers };
  }

  /** All answers of a batch in one transaction: rows, enrolments, journal. */
  private async record(answered: readonly Answered[]): Promise<void> {
    await this.transact(async (transaction) => {
      const given = givenBy(this.parts);
      const enrolments = await transaction.getMany(
        'enrolments',
        answered.map(({ row }) => row.enrolmentId)
      );
      const changes: Change[] = [];
      const moves: { enrolment: Enrolment; cause: Cause }[] = [];
      const paused = new Set<string>();
      for (const [index, call] of answered.entries()) {
        const { set, settled, pause } = outcomeOf(call, given.now);
        const attempts = call.made ? call.row.attempts : call.row.attempts - 1;
        changes.push(update('outbox', call.row.id, { ...set, attempts }));
        if (call.result.status === 'accepted' && call.account?.paused)
          changes.push(update('accounts', call.account.id, { paused: undefined }));
        if (pause && call.account && !paused.has(call.account.id)) {
          paused.add(call.account.id);
          changes.push(update('accounts', call.account.id, { paused: pause }));
        }
        const enrolment = enrolments[index];
        const isWaiting = enrolment?.wait?.for === 'outbox' && enrolment.wait.outboxId === call.row.id;
        if (settled && isWaiting) moves.push({ enrolment, cause: { by: 'outbox', result: settled } });
      }
      await turn(transaction, { changes, moves }, { ...this.parts, ...given });
    });
  }

  private providerOf(
    row: OutboxRow,
    view: WorkspaceView
  ): { provider: ProviderDefinition; account: Account | null } | null {
    if (row.accountId === null) {
      const provider = this.parts.providers.get(row.request.channel === 'webhook' ? 'webhook.http' : 'sandbox');
      return provider ? { provider, account: null } : null;
    }
    const account = view.accounts.get(row.accountId);
    const provider = account && this.parts.providers.get(account.provider);
    return account && provider ? { provider, account } : null;
  }
}

/** What an answer makes of its row, what the enrolment is told, and whether the account rests. */
function outcomeOf(
  { row, provider, result }: Answered,
  now: Instant
): { set: Record<string, unknown>; settled?: Settled; pause?: Account['paused'] } {
  switch (result.status) {
    case 'accepted': {
      const { messageId, answer } = result;
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
    case 'rejected':
      // What concerns the whole account is no fault of this message: it waits with the others.
      if (result.scope === 'account')
        return {
          set: { status: 'queued', dueAt: NEVER, reason: result.reason },
          pause: { reason: result.reason, since: now, until: null }
        };
      return failedFor(result.reason);
    case 'retry': {
      if (row.attempts >= MOST_ATTEMPTS && result.scope === 'recipient') return failedFor(result.reason);
      const dueAt = now + (result.after ?? backOff(row.attempts, seedOf(row.id)));
      const set = { status: 'queued', dueAt, reason: result.reason };
      return result.scope === 'account' ? { set, pause: { reason: result.reason, since: now, until: dueAt } } : { set };
    }
    case 'unknown': {
      const dueAt = now + backOff(row.attempts, seedOf(row.id));
      if (row.attempts < MOST_ATTEMPTS && mayRepeat(provider.idempotencyWindow, row.firstAttemptAt ?? now, dueAt)) {
        return { set: { status: 'queued', dueAt, reason: result.reason } };
      }
      return { set: { status: 'uncertain', reason: result.reason } };
    }
  }
}

function isPaused(
  account: Account | null,
  now: Instant
): account is Account & { paused: NonNullable<Account['paused']> } {
  return account?.paused !== undefined && (account.paused.until === null || account.paused.until > now);
}

function failedFor(reason: Words): { set: Record<string, unknown>; settled: Settled } {
  return { set: { status: 'failed', reason }, settled: { status: 'failed', reason } };
}

/** Content leaves the row when it is of no more use. */
function withoutContent({ request }: OutboxRow): Record<string, unknown> {
  return request.channel === 'email'
    ? { 'request.html': undefined, 'request.text': undefined }
    : { 'request.body': undefined };
}

function dueUpTo(now: Instant) {
  return { index: '[status+dueAt]', from: ['queued', 0], to: ['queued', now] } as const;
}
