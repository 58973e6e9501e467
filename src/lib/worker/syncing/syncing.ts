import { MINUTE, SECOND, type Milliseconds } from '$lib/core/instants';
import { failed, type Result } from '$lib/core/result';
import type { Cancel } from '$lib/core/timers';
import { words } from '$lib/core/words';
import type { Remote } from '$lib/sync/remote';
import type { Seal } from '$lib/sync/seal';
import type { Parts } from '../parts';
import { syncOnce } from './pass';
import type { Vault } from './vault';

/** A remote that this device shares with others, and what makes unreadable what goes there. */
export interface Connection {
  readonly remote: Remote;
  readonly seal: Seal;
}

/** What is written in quick succession is told together. */
const REST: Milliseconds = 2 * SECOND;
/** How often it is asked whether others have told anything, and how much longer it may be where that fails. */
const INTERVAL: Milliseconds = MINUTE;
const LONGEST: Milliseconds = 15 * MINUTE;

/**
 * When this device tells and takes in: a moment after something was written, every minute, and when it is asked to; later and later
 * while it fails. In one tab alone: the one that has the right to run the engine.
 */
export class Syncing {
  private connection: Connection | null = null;
  private under: Promise<Result<void>> | null = null;
  private isAgain = false;
  private failures = 0;
  private cancelTimer: Cancel = () => undefined;
  private stopWatching: Cancel = () => undefined;
  private stopping = new AbortController();

  constructor(
    private readonly parts: Pick<Parts, 'storage' | 'now' | 'timers' | 'isOnline'>,
    private readonly on: {
      readonly vault: Vault;
      readonly newDevice: () => string;
      readonly right: { readonly isHeld: boolean };
      /** Something may have come that the engine must look at. */
      readonly took: () => void;
      /** Tells from now on of whatever is written on this device, in any tab. */
      readonly watch: (changed: () => void) => Cancel;
    }
  ) {}

  /** From now on it shares this remote. The device must have begun to sync (`beginSync`). */
  connect(connection: Connection): void {
    this.disconnect();
    this.stopping = new AbortController();
    this.connection = connection;
    this.failures = 0;
    this.stopWatching = this.on.watch(() => this.changed());
    this.wake(0);
  }

  disconnect(): void {
    this.cancelTimer();
    this.stopWatching();
    this.stopping.abort();
    this.connection = null;
  }

  private changed(): void {
    if (this.under !== null) this.isAgain = true;
    else if (this.failures === 0) this.wake(REST);
  }

  /** Does it at once, or once more after what is under way. */
  async now(): Promise<Result<void>> {
    await this.under;
    return (this.under ??= this.pass().finally(() => (this.under = null)));
  }

  private wake(delay: Milliseconds): void {
    this.cancelTimer();
    if (this.connection === null) return;
    this.cancelTimer = this.parts.timers.after(delay, () => void this.look());
  }

  private async look(): Promise<void> {
    if (this.on.right.isHeld && this.parts.isOnline()) await this.now();
    else this.wake(INTERVAL);
  }

  private async pass(): Promise<Result<void>> {
    const { connection } = this;
    if (connection === null) return failed(words('words.sync.not_connected'));
    this.cancelTimer();
    this.isAgain = false;
    const { storage, now } = this.parts;
    const { vault, newDevice, took } = this.on;
    let done: Result<void>;
    try {
      done = await syncOnce({ storage, now, vault, newDevice, ...connection }, this.stopping.signal);
    } catch (error) {
      this.failures++;
      this.wake(this.delay());
      throw error;
    }
    this.failures = done.ok ? 0 : this.failures + 1;
    took();
    this.wake(done.ok && this.wasChanged() ? REST : this.delay());
    return done;
  }

  private wasChanged(): boolean {
    return this.isAgain;
  }

  private delay(): Milliseconds {
    return Math.min(LONGEST, INTERVAL * 2 ** Math.max(0, this.failures - 1));
  }
}
