import type { Change } from '$lib/core/changes';
import { keyOf, TABLE_NAMES, type TableName, type Tables } from '$lib/core/tables';
import { MemoryTable } from './memory-table';
import { OpenTransaction, type KeptView, type Rows } from './open-transaction';
import type { Capture, Durability, Reader, Storage, Transaction } from './port';

/**
 * The workspace in memory, for simulation, simulator and tests. Deterministic: transactions run one after the other in the order in
 * which they were asked for, one that throws leaves no trace. Rows given out are frozen.
 */
export class MemoryStorage implements Storage {
  readonly #tables = new Map(TABLE_NAMES.map((table) => [table, new MemoryTable(table)] as const));
  readonly #capture: Capture | null;
  #last: Promise<unknown> = Promise.resolve();
  #kept: KeptView | null = null;
  #closed = false;

  constructor(options: { capture?: Capture } = {}) {
    this.#capture = options.capture ?? null;
  }

  // The durability says nothing here: all is lost together.
  transact<T>(work: (transaction: Transaction) => Promise<T>, _options?: { durability?: Durability }): Promise<T> {
    return this.#inTurn(async (transaction) => {
      const result = await work(transaction);
      transaction.check();
      if (this.#capture && transaction.changes.length > 0)
        await this.#capture([...transaction.changes], transaction, (table, id) => transaction.before(table, id));
      return result;
    });
  }

  read<T>(work: (reader: Reader) => Promise<T>): Promise<T> {
    return this.#inTurn(work);
  }

  commit(changes: readonly Change[], options?: { durability?: Durability }): Promise<void> {
    return this.transact((transaction) => transaction.apply(changes), options);
  }

  async *batches<T extends TableName>(table: T, size: number): AsyncIterable<Tables[T][]> {
    let batch = await this.read((reader) => reader.query(table, { limit: size }));
    while (batch.length > 0) {
      yield batch;
      const last = keyOf(table, batch[batch.length - 1] as Tables[T]);
      if (batch.length < size) return;
      batch = await this.read(async (reader) => (await reader.query(table, { from: last, limit: size + 1 })).slice(1));
    }
  }

  close(): void {
    this.#closed = true;
  }

  #inTurn<T>(work: (open: OpenTransaction) => Promise<T>): Promise<T> {
    const turn = this.#last.then(() => this.#run(work));
    this.#last = turn.catch(() => undefined);
    return turn;
  }

  async #run<T>(work: (open: OpenTransaction) => Promise<T>): Promise<T> {
    if (this.#closed) throw new Error('the storage is closed');
    const open = new OpenTransaction(this.#rows(), this.#kept);
    try {
      const result = await work(open);
      await open.finish();
      for (const table of this.#tables.values()) table.commit();
      this.#kept = open.kept;
      return result;
    } catch (error) {
      for (const table of this.#tables.values()) table.rollBack();
      throw error;
    } finally {
      open.end();
    }
  }

  #rows(): Rows {
    const tableOf = (table: TableName): MemoryTable => this.#tables.get(table) as MemoryTable;
    return {
      getMany: async (table, ids) => ids.map((id) => tableOf(table).get(id)),
      query: async (table, query) => tableOf(table).query(query),
      count: async (table, query) => tableOf(table).count(query),
      write: async (table, writes) => tableOf(table).write(writes)
    };
  }
}
