import { SECOND } from '$lib/core/instants';
import type { Random } from './random';
import type { Simulation } from './simulation';
import type { Tab } from './tab';

/** Everything that strikes. Each kind is counted, so that a batch of runs can show that all of them did. */
export const FAULTS = [
  'crash',
  'crash inside a transaction',
  'crash before a commit',
  'frozen tab',
  'frozen at work',
  'second tab',
  'closed for long',
  'clock forward',
  'clock back',
  'time zone',
  'aborted transaction',
  'full disk',
  'offline',
  'no connection',
  'lost answer',
  'answered twice',
  'slow answer',
  'status 400',
  'status 401',
  'status 429',
  'status 429 with Retry-After',
  'status 5xx',
  'status 5xx after accepting'
] as const;
export type FaultName = (typeof FAULTS)[number];

/** How likely what is, in one run. */
interface Weather {
  readonly crash: number;
  readonly freeze: number;
  readonly abort: number;
  readonly fullDisk: number;
  /** of each request to a provider */
  readonly network: number;
}

const CALM: Weather = { crash: 0, freeze: 0, abort: 0, fullDisk: 0, network: 0 };

/** A commit that the database refuses, on purpose. */
const ABORTED = 'the simulation aborts this transaction';
const FULL = 'the simulation has no room left';

/** What strikes at which point. Some runs are rough in every way, some in one, some are calm: a plain fault must not hide behind others. */
export class Faults {
  readonly struck = new Map<FaultName, number>();
  private weather: Weather;
  private fullFor = 0;

  constructor(
    private readonly simulation: Simulation,
    private readonly random: Random
  ) {
    const often = (probability: number): number => (random.chance(0.5) ? probability : 0);
    this.weather = {
      crash: often(random.pick([0.0005, 0.002, 0.008])),
      freeze: often(0.001),
      abort: often(0.004),
      fullDisk: often(0.002),
      network: often(random.pick([0.15, 0.5]))
    };
  }

  /** From now on nothing goes wrong. */
  end(): void {
    this.weather = CALM;
    this.fullFor = 0;
  }

  strike(name: FaultName): void {
    this.struck.set(name, (this.struck.get(name) ?? 0) + 1);
    this.simulation.scheduler.tell(null, `FAULT ${name}`);
  }

  /** Whether an error is one that was made on purpose. */
  static isOurs(error: unknown): boolean {
    const cause = (error as { cause?: unknown } | null)?.cause;
    return error instanceof DOMException
      ? error.message === ABORTED || error.message === FULL
      : cause !== undefined && Faults.isOurs(cause);
  }

  /** At a point outside any transaction the tab may die, or stand still for longer than others wait for it. */
  between(tab: Tab): void {
    if (!tab.isFrozen && this.random.chance(this.weather.freeze)) {
      this.strike('frozen at work');
      tab.freeze();
      const { scheduler } = this.simulation;
      scheduler.after(null, this.random.between(8, 50) * SECOND, 'thaws', () => tab.thaw());
    }
    if (this.random.chance(this.weather.crash)) this.crash(tab, 'crash');
  }

  /** Inside a transaction too. */
  inside(tab: Tab): void {
    if (this.random.chance(this.weather.crash)) this.crash(tab, 'crash inside a transaction');
  }

  /** The last thing before a commit: it may be refused, or the tab dies. */
  beforeCommit(tab: Tab): void {
    if (this.random.chance(3 * this.weather.crash)) this.crash(tab, 'crash before a commit');
    if (this.random.chance(this.weather.abort)) {
      this.strike('aborted transaction');
      this.simulation.disturb();
      throw new DOMException(ABORTED, 'AbortError');
    }
    if (this.fullFor === 0 && this.random.chance(this.weather.fullDisk)) this.fullFor = this.random.between(1, 40);
    if (this.fullFor > 0) {
      this.fullFor--;
      this.strike('full disk');
      this.simulation.disturb();
      throw new DOMException(FULL, 'QuotaExceededError');
    }
  }

  /** Whether something happens to a request. */
  onTheWay(): boolean {
    return this.random.chance(this.weather.network);
  }

  private crash(tab: Tab, name: FaultName): void {
    if (tab.isDead) return;
    this.strike(name);
    tab.die();
  }
}
