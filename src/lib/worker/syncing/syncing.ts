import { MINUTE, SECOND, type Milliseconds } from '$lib/core/instants';
import { failed, type Result } from '$lib/core/result';
import type { Cancel } from '$lib/core/timers';
import { words } from '$lib/core/words';
import { backupPartOf, batchOf } from '$lib/sync/names';
import type { Remote } from '$lib/sync/remote';
import type { Seal } from '$lib/sync/seal';
import type { Parts } from '../parts';
import { notSynced, syncOnce } from './pass';
import type { Vault } from './vault';

/** A remote that this device shares with others, and what makes unreadable what goes there. */
export interface Connection {
  readonly remote: Remote;
  readonly seal: Seal;
  /** Before and after each pass: whether the remote is what it was, and who shares it. */
  readonly meet: () => Promise<Result<void>>;
}

/** What is written in quick succession is told together. */
const REST: Milliseconds = 2 * SECOND;
/** How often it is asked whether others have told anything, and how much longer it may be where that fails. */
const INTERVAL: Milliseconds = MINUTE;
const LONGEST: Milliseconds = 15 * MINUTE;
/** How long a remote may hold an answer back until there is something new. */
const HOLD: Milliseconds = 50 * SECOND;
/** A remote that answers sooner that there is nothing new does not hold: it is asked every minute. */
const AT_ONCE: Milliseconds = 5 * SECOND;

/**
 * When this device tells and takes in: a moment after something was written here, as soon as the remote says that another has told
 * something or else every minute, and when it is asked to; later and later while it fails. In one tab alone: the one that may run the engine.
 */
export class Syncing {
  private connection: Connection | null = null;
  private under: Promise<Result<void>> | null = null;
  private isAgain = false;
  private isSoon = false;
  private failures = 0;
  private cancelTimer: Cancel = () => undefined;
  private stopWatching: Cancel = () => undefined;
  private stopping = new AbortController();
  private listening: AbortController | null = null;

  constructor(
    private readonly parts: Pick<Parts, 'storage' | 'now' | 'timers' | 'isOnline'>,
    private readonly on: {
      readonly vault: Vault;
      readonly newDevice: () => string;
      readonly right: { readonly isHeld: boolean };
      /** Whether this device runs the journeys. */
      readonly runs: () => boolean;
      /** No other tab does it at the same time. */
      readonly alone: <T>(work: () => Promise<T>) => Promise<T>;
      /** Something may have come that the engine must look at. */
      readonly took: () => void;
      /** Tells from now on of whatever is written on this device, in any tab. */
      readonly watch: (changed: () => void) => Cancel;
    }
  ) {}

  /** From now on it shares this remote. The device must have begun to sync (`beginSync`). */
  async connect(connection: Connection): Promise<void> {
    await this.disconnect();
    this.stopping = new AbortController();
    this.connection = connection;
    this.failures = 0;
    this.stopWatching = this.on.watch(() => this.changed());
    this.wake(0);
  }

  /** Stops, once what is under way has stopped. */
  async disconnect(): Promise<void> {
    this.cancelTimer();
    this.stopWatching();
    this.stopping.abort();
    this.listening?.abort();
    this.connection = null;
    await this.under?.catch(() => undefined);
  }

  /** The network may be back, or a long sleep over: it is done in a moment, or once more after what is under way, which may fail. */
  soon(): void {
    this.isSoon = this.under !== null;
    if (this.under === null) this.wake(0);
  }

  private changed(): void {
    if (this.under !== null) this.isAgain = true;
    else if (this.failures === 0) this.wake(REST);
  }

  /** Does it at once, or once more after what is under way. */
  async now(): Promise<Result<void>> {
    if (this.under !== null) await this.under;
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
    this.listening?.abort();
    this.isAgain = false;
    this.isSoon = false;
    const { storage, now } = this.parts;
    const { vault, newDevice, runs, took, alone } = this.on;
    const before = await this.taken();
    let done: Result<void>;
    try {
      const met = await connection.meet();
      done = met.ok
        ? await alone(() => syncOnce({ storage, now, vault, newDevice, runs, ...connection }, this.stopping.signal))
        : await notSynced(storage, met.reason);
      // Who has told something for the first time has a name there. Where it is not to be had now, the next pass looks, and says why.
      if (done.ok && this.connection === connection) await connection.meet();
    } catch (error) {
      this.failures++;
      this.wake(this.delay());
      throw error;
    }
    if (this.connection !== connection) return done;
    this.failures = done.ok ? 0 : this.failures + 1;
    if ((await this.taken()) !== before) took();
    this.wake(this.nextIn(done.ok));
    if (done.ok) void this.listen(connection);
    return done;
  }

  /** What of others was taken in by now. */
  private async taken(): Promise<string> {
    const standing = await this.parts.storage.read((reader) => reader.get('runtime', 'sync'));
    return JSON.stringify(standing?.id === 'sync' ? standing.peers : null);
  }

  /** Waits for what others tell, where the remote can hold its answer back. */
  private async listen({ remote }: Connection): Promise<void> {
    const listening = new AbortController();
    this.listening = listening;
    const { storage, now } = this.parts;
    const standing = await storage.read((reader) => reader.get('runtime', 'sync'));
    if (standing?.id !== 'sync') return;
    // Backups are told as well, and are nothing to take in.
    const isNothing = (name: string): boolean =>
      backupPartOf(name) !== null || batchOf(name, standing.generation)?.device === standing.device;
    for (let { cursor } = standing; ;) {
      const since = now();
      const told = await remote.changes(cursor, { wait: HOLD, signal: listening.signal });
      if (listening.signal.aborted || !told.ok) return;
      const { names } = told.value;
      if (!names.every(isNothing)) {
        this.wake(0);
        return;
      }
      // It holds nothing back: the timer asks.
      if (names.length === 0 && now() - since < AT_ONCE) return;
      ({ cursor } = told.value);
    }
  }

  private nextIn(isDone: boolean): Milliseconds {
    if (this.isSoon) return 0;
    return isDone && this.isAgain ? REST : this.delay();
  }

  private delay(): Milliseconds {
    return Math.min(LONGEST, INTERVAL * 2 ** Math.max(0, this.failures - 1));
  }
}
