/**
 * What sync keeps beside the rows, on this device alone. Stamps are those of `sync/clock.ts`, pointers those of `sync/leaves.ts`; a key
 * is as `sync/keys.ts` writes it.
 */

/** What one transaction has done to the rows of a table. */
export interface Touched {
  readonly made?: readonly string[];
  readonly gone?: readonly string[];
  /** Rows that were changed, each with the leaves that were. */
  readonly set?: readonly (readonly [key: string, pointers: readonly string[]])[];
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
 * Since when a row is as it is. A row without one is as it was when the first device began to sync. `leaves`: the stamps of those that
 * were written after it was made. `writings`: instead of these, of the tables that ask. Keyed by [table, key].
 */
export interface SyncRow {
  readonly table: string;
  readonly key: string;
  readonly made: string | null;
  readonly gone: string | null;
  readonly leaves: Readonly<Record<string, string>>;
  readonly writings?: Readonly<Record<string, readonly SyncWriting[]>>;
  /** The greatest stamp of this device that others were sent; null: none. */
  readonly sent: string | null;
  /** Set while others have still to be sent something. */
  readonly unsent?: 1;
}
