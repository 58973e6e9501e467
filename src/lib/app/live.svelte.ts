import { liveQuery, type Subscription } from 'dexie';
import { createSubscriber } from 'svelte/reactivity';
import type { WorkspaceDatabase } from '$lib/storage/dexie/database';
import { workspaceDatabase } from './database';

/** What a live query has found: undefined until the first answer. Read `value` where it is shown and it stays up to date. */
export interface Live<T> {
  readonly value: T | undefined;
  /** Until the first answer. */
  readonly isLoading: boolean;
}

/** How long a question may go unanswered because what it reads keeps changing, in ms. */
const PATIENCE = 600;

/**
 * Reads the database for as long as somebody looks, and again whenever what it read has changed, in whichever tab. A query that
 * depends on state of the component is made anew with it: `const list = $derived(live((database) => rowById(database, 'lists', id)))`.
 */
export function live<T>(query: (database: WorkspaceDatabase) => Promise<T>): Live<T> {
  return liveIn(workspaceDatabase, query);
}

/** The same in another database. */
export function liveIn<D, T>(open: () => Promise<D>, query: (database: D) => Promise<T>): Live<T> {
  noteState(query);
  let value: T | undefined;
  let isLoading = true;
  let failure: { error: unknown } | null = null;
  const subscribe = createSubscriber((update) => {
    let subscription: Subscription | null = null;
    let isOver = false;
    let waiting: ReturnType<typeof setTimeout> | null = null;
    const take = (found: T): void => {
      value = found;
      isLoading = false;
      failure = null;
      update();
    };
    const fail = (error: unknown): void => {
      failure = { error };
      isLoading = false;
      update();
    };
    const answered = (): void => {
      if (waiting !== null) clearTimeout(waiting);
      waiting = null;
    };
    // Each change calls off a live query on its way. While changes come faster than answers (an import), it is asked beside it.
    const askBeside = async (database: D): Promise<void> => {
      const found = await query(database).catch(() => undefined);
      if (isOver || waiting === null) return;
      if (found !== undefined) take(found);
      waiting = setTimeout(() => void askBeside(database), PATIENCE);
    };
    void open().then((database) => {
      if (isOver) return;
      subscription = liveQuery(() => {
        waiting ??= setTimeout(() => void askBeside(database), PATIENCE);
        return query(database);
      }).subscribe({
        next: (found) => {
          answered();
          take(found);
        },
        error: (error) => {
          answered();
          fail(error);
        }
      });
    }, fail);
    return () => {
      isOver = true;
      answered();
      subscription?.unsubscribe();
    };
  });
  return {
    get value() {
      subscribe();
      if (failure) throw failure.error;
      return value;
    },
    get isLoading() {
      subscribe();
      return isLoading;
    }
  };
}

/**
 * Runs a query against nothing, for the state that it reads before it first waits: a `$derived` around it then depends on that. The
 * query itself runs later, outside of any derivation.
 */
function noteState<D>(query: (database: D) => Promise<unknown>): void {
  try {
    query(nothing as D).catch(() => undefined);
  } catch {
    // What cannot go on with nothing has read its state by now.
  }
}

/** Whatever is asked of it is itself; waiting for it has no end. */
const nothing: object = new Proxy(() => undefined, {
  get: () => nothing,
  apply: () => nothing,
  construct: () => nothing
});
