import { update, type Change } from '$lib/core/changes';
import type { Id } from '$lib/core/ids';
import { DAY, HOUR, MINUTE, type Instant, type Milliseconds } from '$lib/core/instants';
import type { Account, Limit, OutboxRow } from '$lib/core/rows/messages';
import type { WorkspaceView } from '$lib/core/tables';
import { words, type Words } from '$lib/core/words';
import { NEVER } from '$lib/engine/sending';
import { isInDoubt } from './giving-up';
import type { Parts } from './parts';
import { routeOf, type Route } from './routes';

const PERIOD: Readonly<Record<Limit['per'], Milliseconds>> = { minute: MINUTE, hour: HOUR, day: DAY };

/** Whoever rests for less is waited for: another provider is another name in the reader's mail, and another bill. */
const WORTH_WAITING: Milliseconds = 15 * MINUTE;

/** Why an account makes no calls now, and until when; `NEVER`: until somebody says so. */
export interface Rest {
  readonly until: Instant;
  readonly reason: Words;
}

/**
 * Which account makes the next call, while a batch of rows is marked: the one that is named for it, or while that one rests the one
 * that stands in for it. Counts the calls against the limits.
 */
export class Allowances {
  readonly #spent = new Map<Id, NonNullable<Account['spent']>>();

  constructor(
    private readonly view: WorkspaceView,
    private readonly providers: Parts['providers'],
    private readonly now: Instant
  ) {}

  /** Where a row goes, and until when whoever could make its call rests. */
  routeOf(row: OutboxRow): { route: Route | null; rest: Rest | null } {
    const named = routeOf(row, this.view, this.providers);
    const rest = this.#restOf(named?.account ?? null, isInDoubt(row));
    // What may have been accepted by one provider is no other one's: the reader would have it twice.
    if (!named || rest === null || rest.until - this.now < WORTH_WAITING || isInDoubt(row))
      return { route: named, rest };
    const asked = new Set<Id | null>([row.accountId]);
    let first = rest;
    for (let next = named.account?.fallbackId; next !== undefined && !asked.has(next);) {
      asked.add(next);
      const route = routeOf({ ...row, accountId: next }, this.view, this.providers);
      const restOfNext = this.#restOf(route?.account ?? null);
      if (route && restOfNext === null) return { route, rest: null };
      if (restOfNext && restOfNext.until < first.until) first = restOfNext;
      next = route?.account?.fallbackId;
    }
    return { route: named, rest: first };
  }

  spend(account: Account | null): void {
    if (!account?.limit) return;
    const { since, calls } = this.#spentBy(account, account.limit);
    this.#spent.set(account.id, { since, calls: calls + 1 });
  }

  changes(): Change[] {
    return [...this.#spent].map(([id, spent]) => update('accounts', id, { spent }));
  }

  /** `isUrgent`: held up by the limit, it would outlive its key, with which the provider knows it again. */
  #restOf(account: Account | null, isUrgent = false): Rest | null {
    if (!account) return null;
    const { paused, limit } = account;
    if (paused && (paused.until === null || paused.until > this.now))
      return { until: paused.until ?? NEVER, reason: paused.reason };
    if (!limit || isUrgent) return null;
    const { since, calls } = this.#spentBy(account, limit);
    if (calls < limit.calls) return null;
    const per = words(`words.outbox.per.${limit.per}`);
    return {
      until: since + PERIOD[limit.per],
      reason: words('words.outbox.limit', { calls: words('format.number', { value: limit.calls }), per })
    };
  }

  /** A clock that was put back begins a period too: else nothing would leave until it has caught up. */
  #spentBy({ id, spent }: Account, { per }: Limit): NonNullable<Account['spent']> {
    const known = this.#spent.get(id) ?? spent;
    const isOver = !known || known.since > this.now || known.since + PERIOD[per] <= this.now;
    return isOver ? { since: this.now, calls: 0 } : known;
  }
}
