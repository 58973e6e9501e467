import { remove, update } from '$lib/core/changes';
import type { Instant, Milliseconds } from '$lib/core/instants';
import type { Account, OutboxRow } from '$lib/core/rows/messages';
import type { ProviderDefinition, SendResult } from '$lib/core/providers';
import { words } from '$lib/core/words';
import { mayRepeat, NEVER } from '$lib/engine/sending';
import { withRecognisedLinks } from '$lib/messages/recognised-links';
import type { Reader } from '$lib/storage/port';
import { recordAnswers } from './answers';
import { Lanes, LOCKED, type Answered, type Calls, type Outcome } from './lanes';
import { LostLease, type Right } from './lease';
import { dueUpTo, isWanted, markDue, type Marking } from './marking';
import { attemptAt, inDoubt, lookedUpFrom } from './on-their-way';
import { givenBy, type Parts, type Transact } from './parts';
import { isThroughRelay, routeOf } from './routes';
import { fieldsWithSecrets, lacksKey } from './secrets';
import { withSignedLinks } from './signed-links';
import { wayOf } from './through-relay';
import { turn } from './turn';

/** Calls that are marked ahead of the lanes at most; below `LOW` the next ones are marked. */
const AHEAD = 250;
const LOW = 50;

/** So many answers are worth a transaction; fewer are recorded after a while, though another call may still hang. */
const GROUP = 200;
const LONGEST_UNRECORDED: Milliseconds = 500;

/** A call that has waited for its turn for longer is marked anew. */
const MARK_HOLDS: Milliseconds = 10_000;

type OpenSecret = Parts['openSecret'];

const NOTHING_MARKED: Marking = { isCut: false, calls: [], changes: [], moves: [] };

/**
 * Makes the calls of the outbox. That a row leaves is written, strictly, before its call is made; the answer is recorded in the same
 * transaction that moves its enrolment on. One transaction records the answers there are and marks the next rows, while the lanes
 * go on with what was marked before.
 */
export class Dispatcher {
  private lanes = this.freshLanes();
  private running: Promise<void> | null = null;
  /** Whether more rows may be due than were marked. */
  private mayBeMore = false;
  private wake: () => void = () => undefined;
  private openSecret: OpenSecret;

  constructor(
    private readonly parts: Parts,
    private readonly transact: Transact,
    private readonly lease: Pick<Right, 'isSure' | 'confirm'>
  ) {
    this.openSecret = parts.openSecret;
  }

  /** Rows that were on their way when the last runner died: repeated under their key while it holds, else the user is asked. */
  async recover(): Promise<void> {
    await this.transact(async (transaction) => {
      const view = await transaction.view();
      const { now } = givenBy(this.parts);
      const intents = await transaction.query('intents', {});
      for (const { id, at, outboxIds, batches = [] } of intents) {
        const keyOf = new Map(batches.flatMap((batch) => batch.outboxIds.map((rowId) => [rowId, batch.key] as const)));
        const rows = await transaction.getMany('outbox', outboxIds);
        const cut = rows.filter((row): row is OutboxRow => row?.status === 'queued');
        const enrolments = await transaction.getMany(
          'enrolments',
          cut.map(({ enrolmentId }) => enrolmentId)
        );
        await transaction.apply([
          remove('intents', id),
          ...cut.map((row, index) => {
            const tried = attemptAt(row, at);
            const attempt = { ...tried, ...inDoubt({ ...row, ...tried }, now) };
            const provider = routeOf(row, view, this.parts.providers)?.provider;
            const mayLeave = isWanted(row, enrolments[index]);
            if (mayLeave && mayRepeat(provider?.idempotencyWindow ?? null, attempt.doubtSince, now))
              return update('outbox', row.id, {
                ...attempt,
                batchKey: keyOf.get(row.id),
                dueAt: now,
                reason: undefined
              });
            const uncertain = { status: 'uncertain', reason: words('words.outbox.cut_off') };
            return update('outbox', row.id, {
              ...attempt,
              batchKey: undefined,
              ...uncertain,
              ...lookedUpFrom(provider, now)
            });
          })
        ]);
      }
    });
  }

  /** The lease is lost: what was marked is another runner's now. It must not leave from here, and what is still answered is void. */
  abandon(): void {
    this.lanes = this.freshLanes();
    this.wake();
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

  /** Resolves when nothing is due and all answers are recorded. Called while under way, it looks for more rows. */
  run(): Promise<void> {
    this.mayBeMore = true;
    this.wake();
    return (this.running ??= this.runUntilEmpty().finally(() => (this.running = null)));
  }

  private async runUntilEmpty(): Promise<void> {
    try {
      for (;;) {
        const room = await this.room();
        const answered = this.lanes.take();
        if (room > 0 || answered.length > 0) await this.exchange(answered, room);
        else if (this.lanes.isIdle && !this.mayBeMore) return;
        await this.untilWorthIt();
      }
    } catch (error) {
      if (error instanceof LostLease) this.abandon();
      throw error;
    }
  }

  /** How many rows may be marked now. No call starts while offline: a failed one would not say whether it left. */
  private async room(): Promise<number> {
    if (!this.mayBeMore || this.lanes.ahead > LOW) return 0;
    const { storage, now } = this.parts;
    // A look that finds nothing due must not cost a strict transaction.
    const isBusy = this.lanes.answered > 0 || !this.lanes.isIdle;
    this.mayBeMore = isBusy ? this.parts.isOnline() : await storage.read((reader) => this.hasDue(reader, now()));
    if (this.mayBeMore && !this.lease.isSure) await this.lease.confirm();
    return this.mayBeMore ? AHEAD - this.lanes.ahead : 0;
  }

  /** Records answers (rows, enrolments, journal) and marks what leaves next, in one transaction. */
  private async exchange(answered: readonly Answered[], room: number): Promise<void> {
    if (room > 0) this.mayBeMore = false;
    const { lanes } = this;
    let marking: Marking;
    try {
      marking = await this.transact(
        async (transaction) => {
          const given = givenBy(this.parts);
          const parts = { ...this.parts, ...given };
          if (answered.length > 0)
            await turn(transaction, await recordAnswers(transaction, answered, given.now), parts);
          if (room === 0) return NOTHING_MARKED;
          const marked = await markDue(transaction, this.parts, given, room);
          if (marked.moves.length > 0) await turn(transaction, marked, parts);
          else await transaction.apply(marked.changes);
          return marked;
        },
        room > 0 ? 'strict' : 'relaxed'
      );
    } catch (error) {
      lanes.giveBack(answered);
      throw error;
    }
    lanes.forget(answered);
    // What did not leave is due as before.
    if (marking.isCut || (room === 0 && answered.some(({ result }) => result === null))) this.mayBeMore = true;
    this.openSecret = remembering(this.parts.openSecret);
    lanes.add(marking.calls);
  }

  /** Until a transaction is worth its cost: the lanes run low, a group of answers is there, or all of them, or some have waited. */
  private async untilWorthIt(): Promise<void> {
    let isLate = false;
    const cancelTimer = this.parts.timers.after(LONGEST_UNRECORDED, () => {
      isLate = true;
      this.wake();
    });
    const isWorthIt = (): boolean =>
      this.lanes.isIdle ||
      this.lanes.answered >= GROUP ||
      (isLate && this.lanes.answered > 0) ||
      (this.mayBeMore && this.lanes.ahead <= LOW);
    while (!isWorthIt()) await new Promise<void>((resolve) => (this.wake = resolve));
    cancelTimer();
  }

  /**
   * What became of each. Null: nothing left, since the right to send was gone by then, or it has waited for so long that it is to be judged
   * anew. Without a key that it needs nothing leaves.
   */
  private async send(calls: Calls, mayLeave: () => boolean): Promise<readonly Outcome[]> {
    const { now } = this.parts;
    const [{ row, provider, account, relay, siteDomains }] = calls;
    const { request, batchKey } = row;
    const all = (outcome: Outcome): readonly Outcome[] => calls.map(() => outcome);
    if (!isMarkGood(row, now())) return all(null);
    const signing = request.channel === 'webhook' ? { signingSecret: request.signingSecretId ?? null } : {};
    const seen = { made: 0, kept: 0, secrets: 0 };
    const fetch: Parts['fetch'] = (url, init) => {
      if (mayLeave() && (seen.made > 0 || isMarkGood(row, now()))) {
        seen.made++;
        return this.parts.fetch(url, init);
      }
      seen.kept++;
      return Promise.reject(new TypeError('nothing leaves any more'));
    };
    const openSecret: OpenSecret = async (id) => {
      const secret = await this.openSecret(id);
      if (secret === null) seen.secrets++;
      return secret;
    };
    try {
      const fields = await fieldsWithSecrets(provider.fields, { ...account?.fields, ...signing }, openSecret);
      const requests: OutboxRow['request'][] = [];
      for (const one of calls) {
        const known = { ...one.row, request: recognised(one.row, relay, siteDomains) };
        requests.push(await withSecretHeaders(await withSignedLinks(known, relay, openSecret), openSecret));
      }
      if (lacksKey(provider.fields, fields) || seen.secrets > 0) return all(LOCKED);
      const wanted = account ?? { throughRelay: isThroughRelay(request) };
      const way = await wayOf(wanted, relay, { ...this.parts, fetch, openSecret });
      if (seen.secrets > 0) return all(LOCKED);
      if (!way.ok) return all({ status: 'rejected', scope: 'account', reason: way.reason });
      const given = { fields, fetch: way.value.fetch, now: now() };
      const [first = request] = requests;
      const result =
        batchKey === undefined
          ? await provider.send({ ...given, request: first, key: row.id, leavesAt: row.leavesAt })
          : await sendTogether(provider, { ...given, requests, key: batchKey });
      const refusal = way.value.refusal();
      if (refusal !== null) return all({ status: 'rejected', scope: 'account', reason: refusal });
      if (seen.made === 0 && seen.kept > 0) return all(null);
      return 'status' in result ? all(result) : result;
    } catch (error) {
      console.error(error instanceof Error ? error.name : 'the adapter failed');
      return all({ status: 'unknown', reason: words('words.outbox.adapter_failed') });
    }
  }

  private freshLanes(): Lanes {
    const mayLeave = (): boolean => this.lanes === lanes && this.parts.isOnline() && this.lease.isSure;
    const lanes: Lanes = new Lanes(
      (calls) => this.send(calls, mayLeave),
      mayLeave,
      () => this.wake()
    );
    return lanes;
  }
}

/**
 * Whether what was looked at when the row was marked still holds: whoever has left, or was erased, since then gets nothing, and a key may be
 * forgotten. The undo of a removal lasts longer, so that no mark outlives who is erased.
 */
function isMarkGood({ lastAttemptAt = 0 }: OutboxRow, now: Instant): boolean {
  return now >= lastAttemptAt && now - lastAttemptAt < MARK_HOLDS;
}

/** What a batch was refused for is one of its rows, and each of them says so for itself. */
async function sendTogether(
  { batches }: ProviderDefinition,
  call: Parameters<NonNullable<ProviderDefinition['batches']>['send']>[0]
): Promise<Exclude<Outcome, null> | readonly SendResult[]> {
  if (batches === undefined) throw new Error('a provider that takes one message a call was given several');
  const result = await batches.send(call);
  const isForOne = 'status' in result && result.status === 'rejected' && result.scope === 'recipient';
  return isForOne && call.requests.length > 1 ? { status: 'apart', reason: result.reason } : result;
}

/** Links to the user's own site say whose email it was; the relay's pages have their own way. */
function recognised({ request, contactId }: OutboxRow, relay: Account | null, domains: readonly string[]) {
  if (request.channel !== 'email' || domains.length === 0) return request;
  const url = relay?.fields.url;
  const except = typeof url === 'string' && URL.canParse(url) ? [new URL(url).hostname] : [];
  return withRecognisedLinks(request, { token: contactId, domains, except });
}

async function withSecretHeaders(request: OutboxRow['request'], openSecret: OpenSecret): Promise<OutboxRow['request']> {
  if (request.channel !== 'webhook' || !request.secretHeaders) return request;
  const headers = { ...request.headers };
  for (const [name, id] of Object.entries(request.secretHeaders)) headers[name] = (await openSecret(id)) ?? '';
  return { ...request, headers };
}

/** Each secret is read and decrypted once for the calls that were marked together. */
function remembering(openSecret: OpenSecret): OpenSecret {
  const opened = new Map<string, Promise<string | null>>();
  return (id) => {
    const known = opened.get(id) ?? openSecret(id);
    opened.set(id, known);
    return known;
  };
}
