import { MINUTE, SECOND, type Instant, type Milliseconds } from '$lib/core/instants';
import type { Result } from '$lib/core/result';
import type { Runs } from '$lib/core/rows/connection';
import type { Cancel } from '$lib/core/timers';
import type { Words } from '$lib/core/words';
import { StorageFailure } from '$lib/storage/failures';
import type { Transaction } from '$lib/storage/port';
import type { DeviceLease } from '$lib/sync/device-lease';
import { LONGEST_CALL } from '../calls';
import { LostLease, type Right } from '../lease';
import type { Parts } from '../parts';

/** How often the remote is asked who has the right. */
const ASKS: Milliseconds = MINUTE;
/** How long it may send from when the remote has last said that the right is its own: until it has asked again. */
const SENDS: Milliseconds = ASKS + 10 * SECOND;
/** How long another device may go on sending from when the right was taken from it: until it has asked, and its calls have ended. */
const NOTICE: Milliseconds = SENDS + LONGEST_CALL;

/** What this device knows of who runs the journeys. */
export interface RunsNow {
  readonly runs: Runs;
  readonly holder: string | null;
  readonly startsAt: Instant | undefined;
  readonly fence: number;
}

/** The devices that this one shares a remote with, as the right to run the journeys needs them. */
export interface Among {
  readonly lease: Pick<
    DeviceLease,
    'keep' | 'takeOver' | 'handOver' | 'held' | 'holder' | 'fence' | 'confirmedAt' | 'isSealed'
  >;
  readonly device: string;
  /** Whether no other device shares the remote, as far as is known. */
  readonly isAlone: () => boolean;
  /** Whether this device has the remote's key, as the remote says now. Fails where that cannot be asked. */
  readonly hasKey: () => Promise<Result<boolean>>;
  /** Whether the user wants them to run here. */
  readonly isForced: () => Promise<boolean>;
  /** The user's wish is carried out: it is this device's by right. */
  readonly taken: () => Promise<void>;
  /** Takes in all that others have told. */
  readonly catchUp: () => Promise<Result<void>>;
  readonly tell: (now: RunsNow) => Promise<void>;
}

/** Keys are locked, and the remote's with them: whose the right is cannot be asked. */
export type Sharing = Among | 'locked' | null;

/**
 * The right to run the engine where several devices share a workspace: a tab's among the tabs of this device, and this device's among
 * the others. Where the remote cannot be asked, it stays what it was until it ends by itself, and nothing leaves; unless there is no
 * other device, or the user says so. Who shares with nobody needs the tab's alone.
 */
export class SharedRight implements Right {
  /** Why who runs the journeys could not be written down; null: it was. */
  problem: Words | null = null;
  private sharing: Sharing = null;
  private way: Runs = 'apart';
  private startsAt: Instant = -Infinity;
  private isRunning = false;
  private asking: Promise<void> | null = null;
  private isAgain = false;
  private cancelTimer: Cancel = () => undefined;

  constructor(
    private readonly tab: Right,
    private readonly parts: Pick<Parts, 'now' | 'timers'>,
    private readonly on: {
      readonly gained: () => void;
      readonly lost: () => void;
      /** What waited may leave now. */
      readonly maySend: () => void;
    }
  ) {}

  get isHeld(): boolean {
    return this.tab.isHeld && this.isDevices;
  }

  get isSure(): boolean {
    return this.tab.isSure && this.isDevices;
  }

  /** Whether what leaves from here cannot leave from another device too; or the user has been told that it may. */
  get maySend(): boolean {
    const { sharing } = this;
    if (sharing === null) return true;
    if (sharing === 'locked' || !this.isDevices) return false;
    // A clock that was set back says nothing of how long ago that was.
    const ago = this.parts.now() - sharing.lease.confirmedAt;
    return this.way !== 'here' || (ago >= 0 && ago < SENDS);
  }

  async check(transaction: Transaction): Promise<void> {
    await this.tab.check(transaction);
    if (!this.isDevices) throw new LostLease();
  }

  async confirm(): Promise<void> {
    await this.tab.confirm();
    if (!this.isDevices) throw new LostLease();
  }

  lost(): void {
    if (this.isDevices) this.tab.lost();
    else this.stop();
  }

  /** The tab has its part of the right. */
  tabGained(): void {
    if (this.sharing === null) this.start();
    else void this.ask();
  }

  tabLost(): void {
    this.cancelTimer();
    this.stop();
  }

  /** From now on it shares with these; null: with nobody. */
  async share(sharing: Sharing): Promise<void> {
    const before = this.sharing;
    this.cancelTimer();
    if (sharing !== null) this.stop();
    this.sharing = sharing;
    this.way = sharing === 'locked' ? 'locked' : 'apart';
    this.startsAt = -Infinity;
    if (this.tab.isHeld) this.tabGained();
    const isOver = sharing === null || sharing === 'locked';
    if (isOver && before !== null && before !== 'locked') await before.lease.handOver();
  }

  /** Asks at once, or once more after what is under way: the network is back, a sleep is over, or the user wants it. */
  ask(): Promise<void> {
    this.isAgain = this.asking !== null;
    return (this.asking ??= this.keepAgain().finally(() => (this.asking = null)));
  }

  private async keepAgain(): Promise<void> {
    do {
      this.isAgain = false;
      await this.keep();
    } while (this.wasAsked());
  }

  private wasAsked(): boolean {
    return this.isAgain;
  }

  private get isDevices(): boolean {
    const { sharing, way } = this;
    if (sharing === null) return true;
    if (sharing === 'locked') return false;
    return way === 'alone' || way === 'forced' || (way === 'here' && sharing.lease.held !== null);
  }

  /** What cannot be written down, where the disk is full, is asked again as all else is. */
  private async keep(): Promise<void> {
    this.cancelTimer();
    try {
      await this.keepWith(this.sharing);
      this.problem = null;
    } catch (error) {
      if (!(error instanceof StorageFailure)) throw error;
      this.problem = error.words;
      this.cancelTimer = this.parts.timers.after(ASKS, () => void this.ask());
    }
  }

  private async keepWith(sharing: Sharing): Promise<void> {
    if (sharing === null || sharing === 'locked' || !this.tab.isHeld) return;
    const couldSend = this.maySend;
    const isForced = await sharing.isForced();
    const kept = isForced ? await this.take(sharing) : await sharing.lease.keep();
    if (this.sharing !== sharing) return;
    // Whoever had it before the key was changed cannot renew it, nor others see whose it is.
    const key = !kept.ok && sharing.lease.isSealed ? await sharing.hasKey() : null;
    const hasKey = key?.ok === true ? key.value : null;
    const asked = hasKey === true ? await this.takeNow(sharing) : kept;
    if (this.sharing !== sharing) return;
    if (!asked.ok) this.cannotAsk(sharing, { isForced, isKeyOld: hasKey === false });
    else if (asked.value === null) this.become('elsewhere');
    else await this.hold(sharing, isForced);
    if (this.sharing !== sharing) return;
    const { holder, fence } = sharing.lease;
    const startsAt = this.way === 'starting' && this.startsAt > this.parts.now() ? this.startsAt : undefined;
    await sharing.tell({ runs: this.way, holder: asked.ok ? holder : null, startsAt, fence });
    if (this.isRunning && this.maySend && !couldSend) this.on.maySend();
    const wait = startsAt === undefined ? ASKS : Math.min(ASKS, startsAt - this.parts.now());
    this.cancelTimer = this.parts.timers.after(wait, () => void this.ask());
  }

  /** By the user's word: whoever has it is given the time to notice. */
  private async take({ lease, device }: Among): Promise<Result<number | null>> {
    const seen = await lease.keep();
    if (!seen.ok || seen.value !== null) return seen;
    return this.takeNow({ lease, device });
  }

  private async takeNow({ lease, device }: Pick<Among, 'lease' | 'device'>): Promise<Result<number | null>> {
    const { holder, isSealed } = lease;
    const taken = await lease.takeOver();
    if (taken.ok && taken.value !== null && (isSealed || (holder !== null && holder !== device)))
      this.startsAt = this.parts.now() + NOTICE;
    return taken;
  }

  private cannotAsk(
    { isAlone, lease }: Among,
    { isForced, isKeyOld }: { readonly isForced: boolean; readonly isKeyOld: boolean }
  ): void {
    if (isForced) this.become('forced');
    else if (isKeyOld) this.become('apart');
    else if (isAlone()) this.become('alone');
    else if (this.way !== 'here' || lease.held === null) this.become('apart');
  }

  private async hold(sharing: Among, isForced: boolean): Promise<void> {
    if (isForced) await sharing.taken();
    // Its time had ended, and nobody else had taken it.
    if (this.way === 'here') {
      this.become('here');
      return;
    }
    this.become('starting');
    // Nor may one that was set right put it off by more.
    this.startsAt = Math.min(this.startsAt, this.parts.now() + NOTICE);
    if (this.parts.now() < this.startsAt) return;
    await sharing.tell({ runs: 'starting', holder: sharing.device, startsAt: undefined, fence: sharing.lease.fence });
    const isCaughtUp = sharing.isAlone() || (await sharing.catchUp()).ok;
    if (this.sharing === sharing && isCaughtUp && sharing.lease.held !== null) this.become('here');
  }

  private become(way: Runs): void {
    const isNew = way !== this.way;
    // What another device may have done meanwhile is taken in by a runner that begins anew.
    if (isNew) this.stop();
    this.way = way;
    if (this.isDevices) this.start();
    else this.stop();
  }

  private start(): void {
    if (this.isRunning || !this.tab.isHeld) return;
    this.isRunning = true;
    this.on.gained();
  }

  private stop(): void {
    if (!this.isRunning) return;
    this.isRunning = false;
    this.on.lost();
  }
}
