import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BrowserContext } from '@playwright/test';

const clockScript = '/__clock.js';
const workerScripts = /^\/_app\/immutable\/workers\/[\w.-]+\.js$/;

type ClockScope = typeof globalThis & { __clock?: { move: (offset: number, turn: number) => void } };

/** The clock of one browser: how far it is ahead of the real one, shared by all its pages and workers. */
export class Clock {
  /** Milliseconds. It outlives the context, so that a reopened browser goes on at the instant where it was closed. */
  #offset = 0;
  /** Init scripts run in no promised order: the one of the latest move wins. */
  #turn = 0;

  now(): number {
    return Date.now() + this.#offset;
  }

  /** Takes over `Date` in the pages of `context` from here on. In workers it is the site's to do: `script`. */
  async install(context: BrowserContext): Promise<void> {
    await context.addInitScript({ content: this.#source() });
  }

  /**
   * What the site answers for this path: a worker's script that begins with the clock; null where it is as it was built. (Routes of
   * Playwright would do as well, but with them every file of every page passes by the test, and the browser keeps none.)
   */
  script(folder: string, path: string): string | null {
    if (path === clockScript) return this.#source();
    if (!workerScripts.test(path)) return null;
    // Imports run first, in their order.
    return `import ${JSON.stringify(clockScript)};\n${readFileSync(join(folder, path), 'utf8')}`;
  }

  /** Moves the clock on. Timers stay: what waits for one must look at the clock again by itself. */
  async advance(milliseconds: number, context: BrowserContext | undefined): Promise<void> {
    this.#offset += milliseconds;
    this.#turn++;
    if (!context) return;
    await context.addInitScript({ content: this.#source() });
    const move = { offset: this.#offset, turn: this.#turn };
    for (const page of context.pages()) {
      await page.evaluate(moveClock, move);
      for (const worker of page.workers()) await worker.evaluate(moveClock, move);
    }
  }

  #source(): string {
    return `(${installClock.toString()})(${this.#offset}, ${this.#turn});`;
  }
}

function moveClock({ offset, turn }: { offset: number; turn: number }): void {
  (globalThis as ClockScope).__clock?.move(offset, turn);
}

/** Runs in the browser, in pages and in workers: it must hold all that it needs. */
function installClock(startOffset: number, startTurn: number): void {
  const scope = globalThis as ClockScope;
  if (scope.__clock) {
    scope.__clock.move(startOffset, startTurn);
    return;
  }
  const RealDate = Date;
  let offset = startOffset;
  let latestTurn = startTurn;
  const now = () => RealDate.now() + offset;
  scope.Date = new Proxy(RealDate, {
    construct: (target, values: unknown[], self) =>
      Reflect.construct(target, values.length === 0 ? [now()] : values, self) as object,
    apply: () => new RealDate(now()).toString(),
    get: (target, name, self) => (name === 'now' ? now : (Reflect.get(target, name, self) as unknown))
  });
  scope.__clock = {
    move(nextOffset, turn) {
      if (turn < latestTurn) return;
      offset = nextOffset;
      latestTurn = turn;
    }
  };
  // A worker that is only just starting hears of a move from the page. A sandboxed frame has nobody to tell.
  if (scope.origin === 'null') return;
  const share = new BroadcastChannel('test-clock');
  const { move } = scope.__clock;
  share.addEventListener('message', ({ data }: MessageEvent<[number, number]>) => move(...data));
  scope.__clock.move = (nextOffset, turn) => {
    move(nextOffset, turn);
    share.postMessage([nextOffset, turn]);
  };
}
