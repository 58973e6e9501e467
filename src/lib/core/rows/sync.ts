/**
 * What sync keeps beside the rows, on this device alone. Stamps are those of `sync/clock.ts`, pointers those of `sync/leaves.ts`; a key
 * is as `sync/keys.ts` writes it.
 */

/** What one transaction has done to the rows of a table. */
export interface Touched {
  readonly made?: readonly string[];
  readonly gone?: readonly string[];
  /** The leaves that were changed, each time with the rows whose these are: one transaction mostly changes the same of many. */
  readonly set?: readonly (readonly [pointers: readonly string[], keys: readonly string[]])[];
}

/** What a transaction has touched, written by that transaction; gone once it is folded into `syncRows`. No value is in it. */
export interface SyncLogRow {
  readonly id: string;
  /** By the clock of this device, in epoch ms. */
  readonly at: number;
  /** by the name of the table */
  readonly tables: Readonly<Record<string, Touched>>;
}

/** What was written to a leaf, of a table that asks where devices contradict each other: values too, since the row has only the last. */
export interface SyncWriting {
  readonly stamp: string;
  readonly leaf: object | null;
  readonly over: string | null;
}

/**
 * Since when a row is as it is. A row without one is as it was when the first device began to sync, or is a fact that all know. What is
 * left out is nothing. `leaves`: the pointers of those that were written after it was made, by stamp. `writings`: instead of these, of
 * the tables that ask. Keyed by [table, key].
 */
export interface SyncRow {
  readonly table: string;
  readonly key: string;
  readonly made?: string | undefined;
  readonly gone?: string | undefined;
  readonly leaves?: Readonly<Record<string, readonly string[]>> | undefined;
  readonly writings?: Readonly<Record<string, readonly SyncWriting[]>> | undefined;
  /** Set while others have still to be sent something. */
  readonly unsent?: 1 | undefined;
  /** The greatest stamp that others know of, where there is something that they do not know of; else they know of all. */
  readonly sent?: string | undefined;
}
