import type { Change } from '$lib/core/changes';
import { keyOf, type TableName, type Tables } from '$lib/core/tables';
import { StorageFailure, toStorageFailure, wasAborted } from '../failures';
import { OpenTransaction, type KeptView } from '../open-transaction';
import type { Capture, Durability, Reader, Storage, Transaction } from '../port';
import { openDatabase, WorkspaceDatabase, type SchemaVersion } from './database';
import type { Leaving } from './leaving';
import { dexieRows } from './rows';

export interface StorageOptions {
  /** Of the database: kept in `ricochet-meta`, never written in code. */
  readonly name: string;
  readonly capture?: Capture;
  readonly versions?: readonly SchemaVersion[];
  /** Where the page may be left at any moment: what is aborted by it fails as where the database was closed. */
  readonly leaving?: Leaving;
}

/** The workspace in IndexedDB. Rejects with `StorageFailure` where the database cannot be opened. */
export async function openStorage(options: StorageOptions): Promise<DexieStorage> {
  const storage = new DexieStorage(options);
  await storage.open();
  return storage;
}

/**
 * Strict transactions go through a connection of their own, opened when the first one comes. Chromium takes the durability from
 * it; a browser that does not know the option is strict, or as strict as it can be, by itself.
 */
export class DexieStorage implements Storage {
  readonly database: WorkspaceDatabase;
  #strict: Promise<WorkspaceDatabase> | null = null;
  #kept: KeptView | null = null;

  constructor(private readonly options: StorageOptions) {
    this.database = this.#connection('relaxed');
  }

  async open(): Promise<void> {
    await openDatabase(this.database);
  }

  async transact<T>(
    work: (transaction: Transaction) => Promise<T>,
    { durability = 'relaxed' }: { durability?: Durability } = {}
  ): Promise<T> {
    const { capture } = this.options;
    return this.#run('rw', durability, async (transaction) => {
      const result = await work(transaction);
      transaction.check();
      if (capture && transaction.changes.length > 0)
        await capture([...transaction.changes], transaction, (table, id) => transaction.before(table, id));
      return result;
    });
  }

  async read<T>(work: (reader: Reader) => Promise<T>): Promise<T> {
    return this.#run('r', 'relaxed', work);
  }

  async commit(changes: readonly Change[], options?: { durability?: Durability }): Promise<void> {
    await this.transact((transaction) => transaction.apply(changes), options);
  }

  async *batches<T extends TableName>(table: T, size: number): AsyncIterable<Tables[T][]> {
    const rows = this.database.rowsOf(table);
    let batch = await rows.toCollection().limit(size).toArray();
    while (batch.length > 0) {
      yield batch;
      const last = keyOf(table, batch[batch.length - 1] as Tables[T]);
      if (batch.length < size) return;
      batch = await rows
        .where(':id')
        .above(typeof last === 'string' ? last : [...last])
        .limit(size)
        .toArray();
    }
  }

  close(): void {
    this.database.close({ disableAutoOpen: true });
    this.#strict?.then((strict) => strict.close({ disableAutoOpen: true })).catch(() => undefined);
  }

  async #run<T>(mode: 'r' | 'rw', durability: Durability, work: (open: OpenTransaction) => Promise<T>): Promise<T> {
    const { leaving } = this.options;
    const database = await this.#staying(durability);
    let open: OpenTransaction | null = null;
    let failure: { cause: unknown } | null = null;
    try {
      // `!`: never within another transaction, whatever Dexie takes for the one under way.
      const result = await database.transaction(`${mode}!`, database.tables, async (transaction) => {
        try {
          open = new OpenTransaction(dexieRows(transaction), this.#kept);
          const value = await work(open);
          await open.finish();
          return { value, kept: open.kept };
        } catch (cause) {
          failure = { cause };
          throw cause;
        }
      });
      this.#kept = result.kept;
      return result.value;
    } catch (error) {
      const cause = toStorageFailure((failure as { cause: unknown } | null)?.cause ?? error);
      const isOfDatabase = cause instanceof StorageFailure || wasAborted(error);
      throw leaving?.isLeft && isOfDatabase ? new StorageFailure('closed', error) : cause;
    } finally {
      (open as OpenTransaction | null)?.end();
    }
  }

  /** The connection, once nobody is about to leave: the page may be left, again too, while it is waited for or opened. */
  async #staying(durability: Durability): Promise<WorkspaceDatabase> {
    const { leaving } = this.options;
    for (;;) {
      while (leaving?.isLeft) await leaving.untilStaying();
      const database = durability === 'strict' ? await this.#openStrict() : this.database;
      if (!leaving?.isLeft) return database;
    }
  }

  #openStrict(): Promise<WorkspaceDatabase> {
    return (this.#strict ??= this.#opened(this.#connection('strict')).catch((cause: unknown) => {
      // The next one tries again.
      this.#strict = null;
      throw cause;
    }));
  }

  async #opened(database: WorkspaceDatabase): Promise<WorkspaceDatabase> {
    await openDatabase(database);
    this.options.leaving?.hold(database);
    return database;
  }

  #connection(durability: Durability): WorkspaceDatabase {
    const database = new WorkspaceDatabase(this.options.name, durability, this.options.versions);
    this.options.leaving?.follow(database);
    return database;
  }
}
