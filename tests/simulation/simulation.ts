import type { Change } from '$lib/core/changes';
import { MINUTE, type Instant, type Milliseconds } from '$lib/core/instants';
import type { Storage } from '$lib/storage/port';
import { Coverage } from './coverage';
import { Died, type Role } from './disk';
import type { Edits } from './edits';
import { Faults } from './faults';
import { SharedLock } from './locks';
import { Mirror, type Touched } from './mirror';
import { Network } from './network';
import type { Random } from './random';
import { Scheduler } from './scheduler';
import { Tab } from './tab';
import type { Invariant, Watcher } from './invariants/invariant';

/** 5 January 2027, 9:00 in Paris. */
export const START: Instant = Date.UTC(2027, 0, 5, 8);

/** What one transaction has written. `tab` null: the simulation itself, before the run. */
export interface Commit {
  readonly tab: Tab | null;
  readonly role: Role;
  readonly changes: readonly Change[];
  readonly touched: readonly Touched[];
  readonly at: Instant;
}

/** An invariant that does not hold. */
export class Violation extends Error {
  constructor(
    readonly invariant: string,
    what: string
  ) {
    super(`${invariant}: ${what}`);
    this.name = 'Violation';
  }
}

/** Where a tab's storage comes from: the same database for all tabs. */
export interface Machine {
  /** Whether the platform takes part in it: its work has to be waited for, and its transactions do not wait for anybody. */
  readonly isReal: boolean;
  open(): Promise<Storage>;
  end(): Promise<void>;
}

/** One computer with its browser, its database and the world outside: everything that a run needs, driven by one seed. */
export class Simulation {
  readonly scheduler: Scheduler;
  readonly faults: Faults;
  readonly lock: SharedLock;
  readonly network: Network;
  readonly mirror = new Mirror();
  readonly coverage = new Coverage();
  readonly tabs: Tab[] = [];
  /** The tab whose transaction is open. */
  openBy: Tab | null = null;
  isOnline = true;
  /** Calls of one provider side by side at most: where it is one, two messages make a batch. */
  readonly lanes: number;
  /** When something last kept tabs from what they do: on the clock that nobody sets. */
  disturbedAt = 0;
  violation: Violation | null = null;
  private readonly watchers: Watcher[];
  private tabsOpened = 0;
  private readonly onRejection = (reason: unknown): void => this.rejected(reason);
  private otherListeners: NodeJS.UnhandledRejectionListener[] = [];

  constructor(
    readonly random: Random,
    private readonly machine: Machine,
    invariants: readonly Invariant[]
  ) {
    this.scheduler = new Scheduler(random.fork(), START);
    this.faults = new Faults(this, random.fork());
    this.lock = new SharedLock(this.scheduler);
    this.network = new Network(this, random.fork());
    this.lanes = random.fork().chance(0.5) ? 1 : Infinity;
    this.watchers = invariants.map((invariant) => invariant(this));
  }

  get isRealStorage(): boolean {
    return this.machine.isReal;
  }

  get now(): Instant {
    return this.scheduler.now;
  }

  setClock(by: Milliseconds): void {
    this.scheduler.setClock(by);
    this.disturb();
  }

  disturb(): void {
    this.disturbedAt = this.scheduler.elapsed;
  }

  /** Tabs that are alive and awake. */
  get awake(): Tab[] {
    return this.tabs.filter(({ isDead, isFrozen }) => !isDead && !isFrozen);
  }

  /** A point of a tab outside any transaction: it may die there. */
  point(tab: Tab, label: string, isBlocked?: () => boolean): Promise<void> {
    this.faults.between(tab);
    return this.scheduler.point(tab, label, isBlocked);
  }

  /** A point inside a transaction, which goes on whatever becomes of the tab: a dead one's is rolled back. */
  inside(tab: Tab): Promise<void> {
    return this.scheduler.point(null, `${tab.name} inside`);
  }

  async openTab(): Promise<Tab> {
    const storage = await this.machine.open();
    const tab = new Tab(this, `tab${++this.tabsOpened}`, storage, this.random.fork());
    this.tabs.push(tab);
    this.scheduler.tell(tab, 'opens');
    tab.start();
    return tab;
  }

  /** Rows that are there before anybody opens the app. */
  async prepare(changes: readonly Change[]): Promise<void> {
    const storage = await this.machine.open();
    await storage.commit(changes);
    this.committed({ tab: null, role: 'edit', changes });
    if (this.machine.isReal) storage.close();
  }

  /** Somebody does something and waits until it is done: everything goes on meanwhile. Undefined where it never is. */
  async perform<T>(tab: Tab, label: string, work: (edits: Edits) => Promise<T>): Promise<T | undefined> {
    let done: { value: T | undefined } | null = null;
    void tab.act(label, work).then((value) => (done = { value }));
    await this.scheduler.pass(MINUTE, () => done !== null || this.violation !== null);
    return (done as { value: T | undefined } | null)?.value;
  }

  committed(written: Omit<Commit, 'touched' | 'at'>): void {
    const commit = { ...written, touched: this.mirror.commit(written.changes), at: this.now };
    for (const watcher of this.watchers) this.guard(() => watcher.committed?.(commit));
  }

  /** The check of everything at the end of a run. */
  async check(storage: Storage): Promise<void> {
    for (const watcher of this.watchers) {
      await watcher.atEnd?.(storage);
      if (this.violation) return;
    }
  }

  /** The first violation is the one that tells; what follows from it does not. */
  violated(violation: Violation): void {
    this.violation ??= violation;
  }

  guard(check: () => void): void {
    try {
      check();
    } catch (error) {
      if (!(error instanceof Violation)) throw error;
      this.violated(error);
    }
  }

  /** An error that reached nobody, or that an edit met: only what was done on purpose may be its cause. */
  rejected(reason: unknown): void {
    // A real database tells each request of a transaction that was aborted, also those that nobody waits for any more.
    const isTold = this.isRealStorage && (reason as { name?: unknown } | null)?.name === 'AbortError';
    if (isTold || reason instanceof Died || Faults.isOurs(reason)) return;
    const text = reason instanceof Error ? (reason.stack ?? reason.message) : String(reason);
    this.violated(new Violation('nothing fails unexpectedly', text));
  }

  listen(): void {
    this.otherListeners = process.listeners('unhandledRejection');
    process.removeAllListeners('unhandledRejection');
    process.on('unhandledRejection', this.onRejection);
  }

  unlisten(): void {
    process.off('unhandledRejection', this.onRejection);
    for (const listener of this.otherListeners) process.on('unhandledRejection', listener);
  }
}
