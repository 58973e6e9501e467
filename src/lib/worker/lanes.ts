import type { ProviderDefinition, SendResult } from '$lib/core/providers';
import type { Id } from '$lib/core/ids';
import type { Account, OutboxRow } from '$lib/core/rows/messages';
import type { Words } from '$lib/core/words';

/** A call that may leave: an intent on the disk names its row. */
export interface Call {
  readonly intentId: Id;
  /** As it is once the call was made. */
  readonly row: OutboxRow;
  readonly provider: ProviderDefinition;
  readonly account: Account | null;
  readonly relay: Account | null;
  readonly siteDomains: readonly string[];
}

/** What leaves in one go: a row by itself, or rows that have their `batchKey` in common. */
export type Calls = readonly [Call, ...Call[]];

/** No key could be read: the call was not made, and waits for the passphrase. */
export const LOCKED = { status: 'locked' } as const;
/** The call was refused for what was in it, and it is not said for which row. */
export interface Apart {
  readonly status: 'apart';
  readonly reason: Words;
}
export type Outcome = SendResult | Apart | typeof LOCKED | null;

/** `result` null: the call did not leave, since the network or the right to send was gone. */
export interface Answered extends Call {
  readonly result: Outcome;
  /** False too where an earlier answer had stopped the account: that answer is this row's as well. */
  readonly made: boolean;
}

type Taker = Pick<ProviderDefinition, 'concurrency'>;

interface Line {
  readonly ahead: Calls[];
  busy: number;
}

/**
 * The calls that are marked: as many at once as each provider allows, in the order of their rows. An answer that concerns a whole
 * account spares the rest of its rows the same answer. Nothing here knows of the database.
 */
export class Lanes {
  /** Calls of several messages have a line of their own. */
  private readonly lines = new Map<Taker, Line>();
  private readonly stopped = new Map<string, SendResult>();
  private answers: Answered[] = [];
  private waiting = 0;
  private busy = 0;

  constructor(
    /** What becomes of each, in their order. */
    private readonly make: (calls: Calls) => Promise<readonly Outcome[]>,
    private readonly mayLeave: () => boolean,
    private readonly onAnswer: () => void
  ) {}

  /** Rows that wait for a lane. */
  get ahead(): number {
    return this.waiting;
  }

  /** Answers that nobody has taken yet. */
  get answered(): number {
    return this.answers.length;
  }

  /** No call is waiting or under way. */
  get isIdle(): boolean {
    return this.waiting + this.busy === 0;
  }

  add(all: readonly Calls[]): void {
    for (const calls of all) {
      const [{ provider, row }] = calls;
      const taker = row.batchKey === undefined ? provider : (provider.batches ?? provider);
      const line = this.lines.get(taker);
      if (line) line.ahead.push(calls);
      else this.lines.set(taker, { ahead: [calls], busy: 0 });
      this.waiting += calls.length;
    }
    for (const [{ concurrency }, line] of this.lines)
      for (let free = Math.min(concurrency - line.busy, line.ahead.length); free > 0; free--) void this.lane(line);
  }

  take(): Answered[] {
    const answers = this.answers;
    this.answers = [];
    return answers;
  }

  /** They could not be recorded: they are the first of the next try. */
  giveBack(answers: readonly Answered[]): void {
    this.answers = [...answers, ...this.answers];
  }

  /** What stopped these accounts is recorded: what is marked from now on knows it. */
  forget(answers: readonly Answered[]): void {
    for (const { account } of answers) if (account) this.stopped.delete(account.id);
  }

  /** One call after another, for as long as there are any. */
  private async lane(line: Line): Promise<void> {
    line.busy++;
    this.busy++;
    for (let calls = line.ahead.shift(); calls !== undefined; calls = line.ahead.shift()) {
      this.waiting -= calls.length;
      const [{ account }] = calls;
      const accountId = account?.id ?? '';
      const told = this.stopped.get(accountId) ?? (this.mayLeave() ? undefined : null);
      const results = told === undefined ? await this.make(calls) : calls.map(() => told);
      for (const [at, call] of calls.entries()) {
        const result = results[at] ?? null;
        if (account && result && 'scope' in result && result.scope === 'account') this.stopped.set(accountId, result);
        this.answers.push({ ...call, result, made: told === undefined && result !== null && result !== LOCKED });
      }
      this.onAnswer();
    }
    line.busy--;
    this.busy--;
    this.onAnswer();
  }
}
