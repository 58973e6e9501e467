import type Dexie from 'dexie';

/**
 * A page, or its worker, that is about to be left. In WebKit a transaction that is under way when its page is put to sleep, or its worker
 * ended, may stay open for as long as the browser runs, and every page after it waits for it. So nothing is under way and nothing begins
 * from when the page is about to be left until it is known to stay.
 */
export class Leaving {
  private readonly databases = new Map<Dexie, () => void>();
  private readonly opened = new Set<Dexie>();
  private readonly closed = new Set<Dexie>();
  private timesLeft = 0;
  private goOn: (() => void) | null = null;
  private staying: Promise<void> = Promise.resolve();

  get isLeft(): boolean {
    return this.goOn !== null;
  }

  follow(database: Dexie): void {
    this.databases.set(database, followed(database));
    database.on('ready', () => void this.opened.add(database), true);
    database.on('close', () => this.opened.delete(database));
  }

  /** Aborts what is under way, and closes the databases. One that is being opened is closed by `hold`: Dexie cannot do it before. */
  leave(): void {
    this.timesLeft++;
    if (!this.isLeft) this.staying = new Promise((resolve) => (this.goOn = resolve));
    for (const [database, abort] of this.databases) {
      abort();
      if (this.opened.has(database)) this.close(database);
    }
  }

  /** Closes a database that has just been opened, where the page has been left meanwhile. */
  hold(database: Dexie): void {
    if (this.isLeft) this.close(database);
  }

  /** Opens them again. One that cannot be opened says so to the next who needs it. */
  async stay(): Promise<void> {
    const { timesLeft } = this;
    while (this.closed.size > 0) {
      const closed = [...this.closed];
      this.closed.clear();
      await Promise.allSettled(closed.map((database) => database.open()));
      if (this.timesLeft === timesLeft) continue;
      // It has been left again.
      for (const database of closed) this.hold(database);
      return;
    }
    this.goOn?.();
    this.goOn = null;
  }

  /** Resolves once nobody is about to leave. */
  untilStaying(): Promise<void> {
    return this.staying;
  }

  private close(database: Dexie): void {
    this.closed.add(database);
    database.close({ disableAutoOpen: false });
  }
}

/** Follows the transactions of a database from now on; what it returns aborts those under way. */
function followed(database: Dexie): () => void {
  const underWay = new Set<IDBTransaction>();
  database.use({
    stack: 'dbcore',
    name: 'followed',
    create: (core) => ({
      ...core,
      transaction: (...options) => {
        const transaction = core.transaction(...options) as IDBTransaction;
        underWay.add(transaction);
        for (const end of ['complete', 'abort'])
          transaction.addEventListener(end, () => underWay.delete(transaction), { once: true });
        return transaction;
      }
    })
  });
  return () => {
    for (const transaction of underWay) {
      try {
        transaction.abort();
      } catch {
        // It is being committed, which needs nobody any more.
      }
    }
  };
}
