import { SECOND, type Instant, type Milliseconds } from '$lib/core/instants';
import type { Cancel } from '$lib/core/timers';
import type { Words } from '$lib/core/words';
import { StorageFailure } from '$lib/storage/failures';
import type { Reader, Storage, Transaction } from '$lib/storage/port';
import type { Parts } from './parts';

/** Another runner has taken over: what this one was about to commit is void. */
export class LostLease extends Error {
  constructor() {
    super('another tab runs the engine now');
    this.name = 'LostLease';
  }
}

/** How often a runner writes that it lives, and when others take over from one that has not. */
const HEARTBEAT = 3 * SECOND;
const FROZEN = 10 * SECOND;

/** The platform's Web Locks, handed in so that a test can do without a browser. */
export type Locks = Pick<LockManager, 'request'>;

/** What whoever runs the engine must ask: a simulation on a copy has nobody to share it with. */
export interface Right {
  readonly isHeld: boolean;
  /** Nobody can have stolen it: a tab that wakes from a long sleep does not know at once that another has taken over. */
  readonly isSure: boolean;
  /** Throws `LostLease` unless the epoch in the database is this runner's. */
  check(transaction: Transaction): Promise<void>;
  /** Writes that this runner lives. Throws `LostLease`. */
  confirm(): Promise<void>;
  lost(): void;
}

/** What is in the database of whoever has the right. */
interface Claim {
  readonly epoch: number;
  readonly at: Instant;
}

/** How long it holds the right, from the lock's being granted until it is given back or stolen. */
interface Tenure {
  isOver: boolean;
  readonly over: Promise<void>;
  end(): void;
}

/**
 * The right to run the engine: a Web Lock, of which there is one among all tabs, and an epoch in the database. A frozen tab keeps
 * its lock; another steals it once the heartbeat is 10 s old and raises the epoch, which makes whatever the frozen one still
 * commits void. Who has lost the right, in whatever way, asks for it again.
 */
export class Lease implements Right {
  isHeld = false;
  /** Why the last heartbeat could not be written, such as that the disk is full; null: it was. */
  problem: Words | null = null;
  private epoch = 0;
  /** The heartbeat that is in the database. */
  private beatAt: Instant = -Infinity;
  private tenure: Tenure | null = null;
  private isStopped = false;
  private isWaiting = false;
  private stopHeart: Cancel = () => undefined;
  private stopWatch: Cancel = () => undefined;

  constructor(
    private readonly storage: Storage,
    private readonly locks: Locks,
    private readonly name: string,
    private readonly parts: Pick<Parts, 'now' | 'timers'>,
    private readonly on: { gained: () => void; lost: () => void }
  ) {}

  /** Waits for the lock as long as it takes; steals it from a runner whose heart has stopped. */
  start(): void {
    this.wait();
    this.stopWatch = this.every(HEARTBEAT, () => void this.stealFromFrozen());
  }

  /** Takes the right where nobody has it, until it is stopped or the right is lost; false at once where another has it. */
  async takeIfFree(): Promise<boolean> {
    const tenure = newTenure();
    return this.locks
      .request(this.name, { ifAvailable: true }, async (lock) => {
        if (lock === null) return false;
        await this.hold(tenure, () => this.claim());
        return true;
      })
      .finally(() => {
        tenure.end();
        if (this.tenure === tenure) this.lost();
      });
  }

  /** Gives the right back, so that another tab goes on at once. */
  stop(): void {
    this.isStopped = true;
    this.stopWatch();
    this.lost();
  }

  async check(transaction: Transaction): Promise<void> {
    const row = await transaction.get('runtime', 'runner');
    if (!this.isHeld || row?.id !== 'runner' || row.epoch !== this.epoch) throw new LostLease();
  }

  get isSure(): boolean {
    return this.isHeld && Math.abs(this.parts.now() - this.beatAt) < FROZEN;
  }

  async confirm(): Promise<void> {
    const at = this.parts.now();
    await this.storage.transact(async (transaction) => {
      await this.check(transaction);
      await transaction.apply([{ table: 'runtime', id: 'runner', set: { heartbeat: at } }]);
    });
    this.beatAt = at;
    this.problem = null;
  }

  lost(): void {
    this.problem = null;
    this.stopHeart();
    this.tenure?.end();
    this.tenure = null;
    if (!this.isHeld) return;
    this.isHeld = false;
    this.on.lost();
  }

  /** In the queue for the lock, once. */
  private wait(): void {
    if (this.isWaiting) return;
    this.isWaiting = true;
    this.ask({}, () => {
      this.isWaiting = false;
      return this.claim();
    });
  }

  private ask(options: { steal?: true }, claim: () => Promise<Claim>): void {
    const tenure = newTenure();
    this.locks
      .request(this.name, options, () => this.hold(tenure, claim))
      // Stolen: the lock went to another tab while this one was frozen. Or the database has refused the claim: it is made again.
      .catch(() => undefined)
      .finally(() => {
        tenure.end();
        if (this.tenure === tenure) this.lost();
        if (!this.isStopped) this.parts.timers.after(SECOND, () => this.wait());
      });
  }

  /** Holds the lock until it is given back or stolen. */
  private async hold(tenure: Tenure, claim: () => Promise<Claim>): Promise<void> {
    if (this.isStopped) return;
    const { epoch, at } = await claim();
    if (tenure.isOver) return;
    this.tenure = tenure;
    this.epoch = epoch;
    this.beatAt = at;
    this.isHeld = true;
    this.stopHeart = this.every(HEARTBEAT, () => void this.beat());
    this.on.gained();
    await tenure.over;
  }

  private claim(): Promise<Claim> {
    return this.storage.transact((transaction) => this.claimIn(transaction));
  }

  private async claimIn(transaction: Transaction): Promise<Claim> {
    const row = await transaction.get('runtime', 'runner');
    const epoch = (row?.id === 'runner' ? row.epoch : 0) + 1;
    const at = this.parts.now();
    const next = { id: 'runner' as const, epoch, heartbeat: at };
    await transaction.apply([
      row ? { table: 'runtime', id: 'runner', set: next } : { table: 'runtime', id: 'runner', create: next }
    ]);
    return { epoch, at };
  }

  private every(period: Milliseconds, work: () => void): Cancel {
    let cancel: Cancel = () => undefined;
    const again = (): void => {
      cancel = this.parts.timers.after(period, () => {
        again();
        work();
      });
    };
    again();
    return () => cancel();
  }

  /** Where nothing can be written the right stays, is not sure, and the next beat tries again. */
  private async beat(): Promise<void> {
    try {
      await this.confirm();
    } catch (error) {
      if (error instanceof LostLease || (error instanceof StorageFailure && error.reason === 'closed')) this.lost();
      else if (error instanceof StorageFailure) this.problem = error.words;
      else throw error;
    }
  }

  private async stealFromFrozen(): Promise<void> {
    if (this.isHeld || !(await this.storage.read((reader) => this.isFrozen(reader)))) return;
    // Claimed before it is stolen: others that have noticed at the same moment find a heart that beats, and steal nothing.
    const claim = await this.storage
      .transact(async (transaction) => ((await this.isFrozen(transaction)) ? this.claimIn(transaction) : null))
      // The database has refused it: the next watch tries again.
      .catch(() => null);
    if (claim) this.ask({ steal: true }, () => Promise.resolve(claim));
  }

  private async isFrozen(reader: Reader): Promise<boolean> {
    const row = await reader.get('runtime', 'runner');
    return row?.id === 'runner' && this.parts.now() - row.heartbeat > FROZEN;
  }
}

function newTenure(): Tenure {
  let resolve = (): void => undefined;
  const over = new Promise<void>((done) => (resolve = done));
  const tenure: Tenure = {
    isOver: false,
    over,
    end: () => {
      tenure.isOver = true;
      resolve();
    }
  };
  return tenure;
}
