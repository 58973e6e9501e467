import { inverseOf, type Change } from '$lib/core/changes';
import type { Given, Id } from '$lib/core/ids';
import { failed, ok, type Result } from '$lib/core/result';
import type { TableName } from '$lib/core/tables';
import { words } from '$lib/core/words';
import { Conflict, type Transaction } from '$lib/storage/port';
import type { Desk, Edited } from './desk';

type Work<T> = (transaction: Transaction, given: Given) => Promise<Result<Edited<T>>>;

/** One transaction of a removal; what it changes can be taken back. */
export type Step = <T>(work: Work<T>) => Promise<Result<T>>;

/** Changes taken back in one transaction. */
const BATCH = 1_000;

/** Removals kept: each screen offers to take back the last one for some seconds. */
const KEPT = 20;

/**
 * Removals that can be taken back for as long as the app is open: what they changed is kept as its inverse. Events that a removal has
 * caused stay facts.
 */
export class Removals {
  readonly #inverses = new Map<Id, readonly Change[]>();

  constructor(private readonly desk: Desk) {}

  /** Returns the id by which it is taken back. */
  async remove(work: (step: Step) => Promise<Result<unknown>>): Promise<Result<Id>> {
    const inverses: Change[] = [];
    const step: Step = (inTransaction) =>
      this.desk.tryEdit(async (transaction, given) => {
        const result = await inTransaction(transaction, given);
        if (result.ok) inverses.unshift(...(await inversesOf(transaction, result.value.effect.changes)));
        return result;
      });
    const done = await work(step);
    if (!done.ok) return done;
    const id = this.desk.parts.newId();
    this.#inverses.set(id, inverses);
    const [oldest] = this.#inverses.keys();
    if (this.#inverses.size > KEPT && oldest !== undefined) this.#inverses.delete(oldest);
    return ok(id);
  }

  /** Refused where it is too late: the app was opened anew, or what was removed is there again under its id. */
  async undo(id: Id): Promise<Result<void>> {
    const inverses = this.#inverses.get(id);
    if (inverses === undefined) return failed(words('words.undo.too_late'));
    this.#inverses.delete(id);
    try {
      for (let start = 0; start < inverses.length; start += BATCH)
        await this.desk.edit(() =>
          Promise.resolve({ effect: { changes: inverses.slice(start, start + BATCH), events: [] }, value: undefined })
        );
      return ok(undefined);
    } catch (error) {
      if (error instanceof Conflict) return failed(words('words.undo.too_late'));
      throw error;
    }
  }
}

/** Last change first. Each row is changed once in a removal. */
async function inversesOf(transaction: Transaction, changes: readonly Change[]): Promise<Change[]> {
  const tables = new Map<TableName, Change[]>();
  for (const change of changes) tables.set(change.table, [...(tables.get(change.table) ?? []), change]);
  const found = await Promise.all(
    [...tables].map(async ([table, of]) => {
      const before = await transaction.getMany(
        table,
        of.map(({ id }) => id)
      );
      return of.map((change, at) => inverseOf(change, before[at]));
    })
  );
  return found.flat().reverse();
}
