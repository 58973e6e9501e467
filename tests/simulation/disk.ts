import type { Change } from '$lib/core/changes';
import type { Key, TableName, Tables, WorkspaceView } from '$lib/core/tables';
import { keyOf } from '$lib/core/tables';
import { toStorageFailure } from '$lib/storage/failures';
import type { Durability, Query, Reader, Storage, Transaction } from '$lib/storage/port';
import type { Simulation } from './simulation';
import type { Tab } from './tab';

/** Who writes: the engine, which must hold the lease, or a person's edit, which any tab may carry out. */
export type Role = 'engine' | 'edit';

/** The tab has died inside a transaction: it is rolled back. */
export class Died extends Error {}

/**
 * The workspace's storage as one tab sees it. Each call is a point at which others may have their turn or the tab may die, also inside
 * a transaction; a commit may be refused, as a full disk refuses it, or aborted. What was committed is told to the simulation.
 */
export class Disk implements Storage {
  constructor(
    private readonly simulation: Simulation,
    private readonly tab: Tab,
    private readonly role: Role,
    private readonly inner: Storage
  ) {}

  async transact<T>(work: (transaction: Transaction) => Promise<T>, options?: { durability?: Durability }): Promise<T> {
    const changes: Change[] = [];
    const value = await this.open(
      options?.durability === 'strict' ? 'transact strictly' : 'transact',
      () =>
        this.inner.transact(async (transaction) => {
          this.live();
          const done = await work(new Watched(transaction, () => this.step(), changes));
          await this.step();
          if (changes.length > 0) this.simulation.faults.beforeCommit(this.tab);
          return done;
        }, options),
      () => {
        if (changes.length > 0) this.simulation.committed({ tab: this.tab, role: this.role, changes });
      }
    );
    return value;
  }

  read<T>(work: (reader: Reader) => Promise<T>): Promise<T> {
    return this.open('read', () =>
      this.inner.read(async (reader) => {
        this.live();
        const done = await work(new Watched(reader, () => this.step()));
        await this.step();
        return done;
      })
    );
  }

  commit(changes: readonly Change[], options?: { durability?: Durability }): Promise<void> {
    return this.transact((transaction) => transaction.apply(changes), options);
  }

  async *batches<T extends TableName>(table: T, size: number): AsyncIterable<Tables[T][]> {
    let batch = await this.read((reader) => reader.query(table, { limit: size }));
    while (batch.length > 0) {
      yield batch;
      if (batch.length < size) return;
      const last = keyOf(table, batch[batch.length - 1] as Tables[T]);
      batch = await this.read(async (reader) => (await reader.query(table, { from: last, limit: size + 1 })).slice(1));
    }
  }

  close(): void {
    throw new Error('the simulation closes the storage');
  }

  /** One transaction at a time over all tabs; which of those that wait is next, the scheduler decides. */
  private async open<T>(label: string, run: () => Promise<T>, done: () => void = () => undefined): Promise<T> {
    const { simulation, tab } = this;
    await simulation.point(tab, `${this.role} ${label}`, () => simulation.openBy !== null);
    simulation.openBy = tab;
    if (simulation.isRealStorage) simulation.scheduler.busy++;
    let outcome: { value: T } | { error: unknown };
    try {
      const value = await run();
      outcome = { value };
      done();
    } catch (error) {
      outcome = { error };
    }
    simulation.openBy = null;
    if (simulation.isRealStorage) simulation.scheduler.busy--;
    await simulation.point(tab, 'error' in outcome ? 'failed' : 'done');
    if ('error' in outcome) throw toStorageFailure(outcome.error);
    return outcome.value;
  }

  /** A call inside a transaction. A real database would end the transaction if others were let in between: there the tab may only die. */
  private step(): Promise<void> | void {
    this.simulation.faults.inside(this.tab);
    this.live();
    if (this.simulation.isRealStorage) return;
    return this.simulation.inside(this.tab).then(() => this.live());
  }

  private live(): void {
    if (this.tab.isDead) throw new Died(`${this.tab.name} has died`);
  }
}

/** A transaction whose every call is a step. */
class Watched implements Transaction {
  constructor(
    private readonly inner: Reader & Partial<Pick<Transaction, 'apply'>>,
    private readonly step: () => Promise<void> | void,
    private readonly changes: Change[] = []
  ) {}

  get<T extends TableName>(table: T, id: Key): Promise<Tables[T] | undefined> {
    return this.after(() => this.inner.get(table, id));
  }

  getMany<T extends TableName>(table: T, ids: readonly Key[]): Promise<(Tables[T] | undefined)[]> {
    return this.after(() => this.inner.getMany(table, ids));
  }

  query<T extends TableName>(table: T, query: Query): Promise<Tables[T][]> {
    return this.after(() => this.inner.query(table, query));
  }

  count<T extends TableName>(table: T, query?: Query): Promise<number> {
    return this.after(() => this.inner.count(table, query));
  }

  view(): Promise<WorkspaceView> {
    return this.after(() => this.inner.view());
  }

  apply(changes: readonly Change[]): Promise<void> {
    const { inner } = this;
    return this.after(() => {
      if (!inner.apply) throw new Error('a reader cannot write');
      this.changes.push(...changes);
      return inner.apply(changes);
    });
  }

  /** Without an await of its own where the step has none: Dexie loses its transaction over many of them. */
  private after<T>(call: () => Promise<T>): Promise<T> {
    const stepped = this.step();
    return stepped === undefined ? call() : stepped.then(call);
  }
}
