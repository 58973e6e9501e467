import { getPath, inverseOf, type Change } from '$lib/core/changes';
import type { Given, Id } from '$lib/core/ids';
import { failed, ok, type Result } from '$lib/core/result';
import type { Key, TableName, Tables } from '$lib/core/tables';
import { words } from '$lib/core/words';
import { isSame } from '$lib/engine/same';
import { Conflict, type Transaction } from '$lib/storage/port';
import type { Desk, Edited } from './desk';

type Work<T> = (transaction: Transaction, given: Given) => Promise<Result<Edited<T>>>;

/** One transaction of a removal; what it changes can be taken back. */
export type Step = <T>(work: Work<T>) => Promise<Result<T>>;

/** Changes taken back in one transaction. */
const BATCH = 1_000;

/** Removals kept: each screen offers to take back the last one for some seconds. */
const KEPT = 20;

/** A change of a removal, and what takes it back. */
interface Taken {
  readonly change: Change;
  readonly inverse: Change;
}

/**
 * Removals that can be taken back for as long as the app is open: what they changed is kept as its inverse. Events that a removal has
 * caused stay facts. What was given anew meanwhile (another owner, another company) stays, and nobody who was erased meanwhile comes back.
 */
export class Removals {
  readonly #taken = new Map<Id, readonly Taken[]>();

  constructor(private readonly desk: Desk) {}

  /** Returns the id by which it is taken back. */
  async remove(work: (step: Step) => Promise<Result<unknown>>): Promise<Result<Id>> {
    const taken: Taken[] = [];
    const step: Step = (inTransaction) =>
      this.desk.tryEdit(async (transaction, given) => {
        const result = await inTransaction(transaction, given);
        if (result.ok) taken.unshift(...(await takenBy(transaction, result.value.effect.changes)));
        return result;
      });
    const done = await work(step);
    if (!done.ok) {
      // Refused after its first steps: these are taken back, so that nothing is half done.
      await this.#takeBack(taken);
      return done;
    }
    const id = this.desk.parts.newId();
    this.#taken.set(id, taken);
    const [oldest] = this.#taken.keys();
    if (this.#taken.size > KEPT && oldest !== undefined) this.#taken.delete(oldest);
    return ok(id);
  }

  /** Refused where it is too late: the app was opened anew, or what was removed is there again under its id. */
  async undo(id: Id): Promise<Result<void>> {
    const taken = this.#taken.get(id);
    if (taken === undefined) return failed(words('words.undo.too_late'));
    this.#taken.delete(id);
    try {
      await this.#takeBack(taken);
      return ok(undefined);
    } catch (error) {
      if (error instanceof Conflict) return failed(words('words.undo.too_late'));
      throw error;
    }
  }

  async #takeBack(taken: readonly Taken[]): Promise<void> {
    for (let start = 0; start < taken.length; start += BATCH) {
      const some = taken.slice(start, start + BATCH);
      await this.desk.edit(async (transaction) => ({
        effect: { changes: await stillFitting(transaction, some), events: [] },
        value: undefined
      }));
    }
  }
}

/** Last change first. Each row is changed once in a step. */
async function takenBy(transaction: Transaction, changes: readonly Change[]): Promise<Taken[]> {
  const before = await rowsOf(transaction, changes);
  return changes.map((change) => ({ change, inverse: inverseOf(change, before(change)) })).reverse();
}

/** The inverses without what has become somebody else's affair meanwhile. */
async function stillFitting(transaction: Transaction, taken: readonly Taken[]): Promise<Change[]> {
  const inverses = taken.map(({ inverse }) => inverse);
  const present = await rowsOf(transaction, inverses);
  const ids = [...new Set(inverses.flatMap(contactIdsOf))];
  const contacts = await transaction.getMany('contacts', ids);
  const gone = new Set(ids.filter((_, at) => contacts[at] === undefined));
  return taken.flatMap(({ change, inverse }) => {
    if (inverse.create) return withoutThem(inverse, gone);
    const row = present(inverse);
    if (row === undefined) return [];
    const untouched = Object.entries(inverse.set ?? {}).filter(([path]) =>
      isSame(getPath(row, path), change.set?.[path])
    );
    return [{ ...inverse, set: Object.fromEntries(untouched) }];
  });
}

/** Whom a row that comes back is about. */
function contactIdsOf({ create }: Change): Id[] {
  const { contactId, contactIds } = (create ?? {}) as { contactId?: Id; contactIds?: readonly Id[] };
  return [...(contactId === undefined ? [] : [contactId]), ...(contactIds ?? [])];
}

function withoutThem(change: Change, gone: ReadonlySet<Id>): Change[] {
  const about = contactIdsOf(change).filter((id) => gone.has(id));
  if (about.length === 0) return [change];
  const row = change.create as { contactIds?: readonly Id[] };
  if (row.contactIds === undefined) return [];
  return [{ ...change, create: { ...row, contactIds: row.contactIds.filter((id) => !gone.has(id)) } } as Change];
}

/** The rows that changes are of, as they are now. */
async function rowsOf(
  transaction: Transaction,
  changes: readonly Change[]
): Promise<(change: Change) => Tables[TableName] | undefined> {
  const keys = new Map<TableName, Key[]>();
  for (const { table, id } of changes) {
    const of = keys.get(table);
    if (of) of.push(id);
    else keys.set(table, [id]);
  }
  const nameOf = (table: TableName, id: Key) => JSON.stringify([table, id]);
  const rows = new Map<string, Tables[TableName] | undefined>();
  for (const [table, ids] of keys) {
    const found = await transaction.getMany(table, ids);
    ids.forEach((id, at) => rows.set(nameOf(table, id), found[at]));
  }
  return ({ table, id }) => rows.get(nameOf(table, id));
}
