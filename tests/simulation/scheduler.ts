import type { Instant, Milliseconds } from '$lib/core/instants';
import type { Cancel } from '$lib/core/timers';
import type { Random } from './random';

/** Whose code waits: a tab. One that is dead never goes on; one that is frozen goes on when it is thawed. */
export interface Owner {
  readonly name: string;
  readonly isDead: boolean;
  readonly isFrozen: boolean;
}

interface Point {
  readonly owner: Owner | null;
  readonly label: string;
  readonly isBlocked: (() => boolean) | undefined;
  readonly resume: () => void;
}

interface Timer {
  readonly owner: Owner | null;
  readonly label: string;
  readonly due: Milliseconds;
  readonly order: number;
  readonly work: () => void;
}

/** A run that takes more turns than this does not come to rest. */
const MOST_TURNS = 400_000;

/** What the trace keeps: the end is what matters. */
const TRACE = 600;

/**
 * Decides the order of everything that is concurrent. Code waits at a *point* until its turn has come; whose turn it is, chance
 * decides. Nothing else may be asynchronous: then the seed decides all. There are two clocks, as in a computer: timers run on one that
 * only goes on, and the one that people set is `now`.
 */
export class Scheduler {
  /** Work of the platform itself that is under way (a real database): nobody's turn comes before it is done. */
  busy = 0;
  turns = 0;
  /** Of everything that happened, in its order. */
  hash = 0x811c9dc5;
  private points: Point[] = [];
  private timers: Timer[] = [];
  private timersMade = 0;
  private monotonic: Milliseconds = 0;
  private readonly lines: string[] = [];
  private readonly told: string[] = [];

  constructor(
    private readonly random: Random,
    /** What the clock on the wall is ahead of the timers'. */
    private offset: Instant
  ) {}

  get now(): Instant {
    return Math.floor(this.offset + this.monotonic);
  }

  /** Since the beginning, on the clock that nobody sets. */
  get elapsed(): Milliseconds {
    return this.monotonic;
  }

  /** Somebody sets the clock, or the computer sleeps: timers do not notice. */
  setClock(by: Milliseconds): void {
    this.offset += by;
    this.tell(null, `clock ${by > 0 ? '+' : ''}${by}`);
  }

  /** Waits for its turn. Never resolves once the owner is dead. `isBlocked`: as long as it says so, the turn goes to others. */
  point(owner: Owner | null, label: string, isBlocked?: () => boolean): Promise<void> {
    return new Promise((resume) => {
      if (!owner?.isDead) this.points.push({ owner, label, isBlocked, resume });
    });
  }

  after(owner: Owner | null, delay: Milliseconds, label: string, work: () => void): Cancel {
    if (owner?.isDead) return () => undefined;
    const timer = { owner, label, due: this.monotonic + Math.max(0, delay), order: this.timersMade++, work };
    this.timers.push(timer);
    return () => {
      this.timers = this.timers.filter((other) => other !== timer);
    };
  }

  /** Forgets what the dead would still do. */
  bury(owner: Owner): void {
    this.points = this.points.filter((point) => point.owner !== owner);
    this.timers = this.timers.filter((timer) => timer.owner !== owner);
  }

  /** Lets everybody go on until so much time has passed and nobody waits for a turn any more, or until something is so. */
  async pass(time: Milliseconds, isEnough: () => boolean = () => false): Promise<void> {
    const end = this.monotonic + time;
    for (;;) {
      await this.quiet();
      if (isEnough()) return;
      if (++this.turns > MOST_TURNS) throw new Error('it does not come to rest');
      const ready = this.points.filter(isReady);
      const timer = this.nextTimer();
      const isDue = timer !== null && timer.due <= this.monotonic;
      if (ready.length > 0 && !(isDue && this.random.chance(0.3))) this.resume(this.random.pick(ready));
      else if (timer !== null && (isDue || timer.due <= end)) this.fire(timer);
      else {
        this.monotonic = Math.max(end, this.monotonic);
        return;
      }
    }
  }

  /** What happened last, turn by turn, oldest first. */
  trace(): readonly string[] {
    return this.lines;
  }

  /** What happened in the world: what people do, faults, what leaves and arrives. */
  story(): readonly string[] {
    return this.told;
  }

  /** Something that a reader of the run wants to know. */
  tell(owner: Owner | null, label: string): void {
    this.note(owner, label);
    this.told.push(this.lines[this.lines.length - 1] as string);
  }

  private note(owner: Owner | null, label: string): void {
    const line = `${owner?.name ?? '-'} ${label}`;
    let { hash } = this;
    for (let at = 0; at < line.length; at++) hash = Math.imul(hash ^ line.charCodeAt(at), 0x01000193);
    this.hash = Math.imul(hash ^ this.now, 0x01000193) >>> 0;
    this.lines.push(`${new Date(this.now).toISOString().slice(0, 23)} ${line}`);
    if (this.lines.length > 2 * TRACE) this.lines.splice(0, TRACE);
  }

  private resume(point: Point): void {
    this.points.splice(this.points.indexOf(point), 1);
    // Everything takes a little time.
    this.monotonic += this.random.next();
    this.note(point.owner, point.label);
    point.resume();
  }

  private fire(timer: Timer): void {
    this.timers.splice(this.timers.indexOf(timer), 1);
    this.monotonic = Math.max(this.monotonic, timer.due);
    this.note(timer.owner, timer.label);
    timer.work();
  }

  private nextTimer(): Timer | null {
    let next: Timer | null = null;
    for (const timer of this.timers) {
      if (timer.owner?.isFrozen) continue;
      if (next === null || timer.due < next.due || (timer.due === next.due && timer.order < next.order)) next = timer;
    }
    return next;
  }

  /** Everybody has gone on until the next point. */
  private async quiet(): Promise<void> {
    do await new Promise<void>((resolve) => setImmediate(resolve));
    while (this.busy > 0);
  }
}

function isReady({ owner, isBlocked }: Point): boolean {
  return !owner?.isFrozen && !isBlocked?.();
}
