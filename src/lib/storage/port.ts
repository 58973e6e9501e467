import type { Change } from '$lib/core/changes';
import type { Key, TableName, Tables, WorkspaceView } from '$lib/core/tables';

/** Part of an index (or of the primary key, without `index`). Keys of compound indexes are arrays. Bounds are inclusive. */
export interface Query {
  readonly index?: string;
  readonly equals?: Key | number;
  readonly anyOf?: readonly (Key | number)[];
  readonly from?: Key | number;
  readonly to?: Key | number;
  readonly reverse?: boolean;
  readonly limit?: number;
}

export interface Reader {
  get<T extends TableName>(table: T, id: Key): Promise<Tables[T] | undefined>;
  /** In the order of the ids; undefined where there is none. */
  getMany<T extends TableName>(table: T, ids: readonly Key[]): Promise<(Tables[T] | undefined)[]>;
  /** In the order of the index; each row once. */
  query<T extends TableName>(table: T, query: Query): Promise<Tables[T][]>;
  count<T extends TableName>(table: T, query?: Query): Promise<number>;
  /** The small tables, kept between transactions for as long as the revision in `runtime` stays the same. */
  view(): Promise<WorkspaceView>;
}

export interface Transaction extends Reader {
  /**
   * Carries the changes out at once: what is read after it sees them. Rows that this transaction has read are not read again.
   * Throws `Conflict` when a row to be created is there already or would break a unique index; the transaction is then void.
   */
  apply(changes: readonly Change[]): Promise<void>;
}

/**
 * `relaxed`: the commit is whole but may be lost if the machine loses power. `strict`: it is on the disk before the promise
 * resolves.
 */
export type Durability = 'relaxed' | 'strict';

/**
 * Where the workspace lives: Dexie in the app, memory in the simulation, one contract suite for both. Transactions are
 * serialisable: one at a time over all tables. Nothing but calls of the transaction may be awaited inside one.
 */
export interface Storage {
  transact<T>(work: (transaction: Transaction) => Promise<T>, options?: { durability?: Durability }): Promise<T>;
  /** A consistent read: nothing changes while it runs. */
  read<T>(work: (reader: Reader) => Promise<T>): Promise<T>;
  /** One transaction that only writes. */
  commit(changes: readonly Change[], options?: { durability?: Durability }): Promise<void>;
  /** All rows of a table in the order of the primary key, in batches, for work too large for one transaction. */
  batches<T extends TableName>(table: T, size: number): AsyncIterable<Tables[T][]>;
  close(): void;
}

/** The row as it was before the transaction first changed it; undefined where there was none, or where it was changed unread. */
export type Before = (table: TableName, id: Key) => Tables[TableName] | undefined;

/** What sync needs: it is told the changes of each commit, inside the transaction. */
export type Capture = (changes: readonly Change[], transaction: Transaction, before: Before) => Promise<void>;

export class Conflict extends Error {
  constructor(
    readonly table: TableName,
    readonly id: Key
  ) {
    super(`a row of ${table} is there already: ${String(id)}`);
    this.name = 'Conflict';
  }
}
