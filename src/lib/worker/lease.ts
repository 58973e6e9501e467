import { SECOND, type Milliseconds } from '$lib/core/instants';
import type { Cancel } from '$lib/core/timers';
import type { Storage, Transaction } from '$lib/storage/port';
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

/**
 * The right to run the engine: a Web Lock, of which there is one among all tabs, and an epoch in the database. A frozen tab keeps
 * its lock; another steals it once the heartbeat is 10 s old and raises the epoch, which makes whatever the frozen one still
 * commits void.
 */
export class Lease {
  isHeld = false;
  private epoch = 0;
  private stopHeart: Cancel = () => undefined;
  private stopWatch: Cancel = () => undefined;
  private release: (() => void) | null = null;

  constructor(
    private readonly storage: Storage,
    private readonly locks: Locks,
    private readonly name: string,
    private readonly parts: Pick<Parts, 'now' | 'timers'>,
    private readonly on: { gained: () => void; lost: () => void }
  ) {}

  /** Waits for the lock as long as it takes; steals it from a runner whose heart has stopped. */
  start(): void {
    this.ask({});
    this.stopWatch = this.every(HEARTBEAT, () => void this.stealFromFrozen());
  }

  /** Gives the right back, so that another tab goes on at once. */
  stop(): void {
    this.stopWatch();
    this.lost();
  }

  /** Throws `LostLease` unless the epoch in the database is this runner's. */
  async check(transaction: Transaction): Promise<void> {
    const row = await transaction.get('runtime', 'runner');
    if (!this.isHeld || row?.id !== 'runner' || row.epoch !== this.epoch) throw new LostLease();
  }

  lost(): void {
    this.stopHeart();
    this.release?.();
    this.release = null;
    if (!this.isHeld) return;
    this.isHeld = false;
    this.on.lost();
  }

  private ask(options: { steal?: true }): void {
    this.locks
      .request(this.name, options, () => this.hold())
      .catch((error: unknown) => {
        // Stolen: the lock went to another tab while this one was frozen.
        if (!(error instanceof DOMException && error.name === 'AbortError')) throw error;
        this.lost();
        this.ask({});
      });
  }

  /** Holds the lock until it is given back or stolen. */
  private async hold(): Promise<void> {
    const released = new Promise<void>((resolve) => (this.release = resolve));
    this.epoch = await this.claim();
    this.isHeld = true;
    this.stopHeart = this.every(HEARTBEAT, () => void this.beat());
    this.on.gained();
    await released;
  }

  private async claim(): Promise<number> {
    return this.storage.transact(async (transaction) => {
      const row = await transaction.get('runtime', 'runner');
      const epoch = (row?.id === 'runner' ? row.epoch : 0) + 1;
      const next = { id: 'runner' as const, epoch, heartbeat: this.parts.now() };
      await transaction.apply([
        row ? { table: 'runtime', id: 'runner', set: next } : { table: 'runtime', id: 'runner', create: next }
      ]);
      return epoch;
    });
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

  private async beat(): Promise<void> {
    try {
      await this.storage.transact(async (transaction) => {
        await this.check(transaction);
        await transaction.apply([{ table: 'runtime', id: 'runner', set: { heartbeat: this.parts.now() } }]);
      });
    } catch (error) {
      if (!(error instanceof LostLease)) throw error;
      this.lost();
    }
  }

  private async stealFromFrozen(): Promise<void> {
    if (this.isHeld) return;
    const row = await this.storage.read((reader) => reader.get('runtime', 'runner'));
    if (row?.id === 'runner' && this.parts.now() - row.heartbeat > FROZEN) this.ask({ steal: true });
  }
}
