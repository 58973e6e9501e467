import type { Tracked } from '$lib/core/tracking';
import type { Memory } from './memory';
import type { Queue } from './queue';

/** A session ends after so long without a sign of the visitor, in ms. */
const SESSION = 18e5;
const MOST_PENDING = 100;

type Data = Record<string, unknown>;

interface Surroundings {
  readonly memory: Memory;
  readonly queue: Queue;
  readonly now: () => number;
  readonly newId: () => string;
  /** The browser asks not to be tracked: only a consent given on this site says otherwise. */
  readonly isRefused: boolean;
  /** Something waits to be sent. */
  readonly onAdded: () => void;
}

/**
 * What a page may say. Before the visitor has chosen, it stays in the page and goes with it; once consent is granted it is kept and
 * sent; once it is denied nothing is, and what was kept is erased.
 */
export function createTracker({ memory, queue, now, newId, isRefused, onAdded }: Surroundings) {
  let pending: (readonly [Tracked, Data, number])[] = [];

  const consent = () => memory.read().consent || (isRefused ? 'denied' : undefined);

  function record(type: Tracked, given?: Data, at = now()): void {
    // As it is now: a shop goes on changing its cart.
    const data = JSON.parse(JSON.stringify(given || {})) as Data;
    const choice = consent();
    if (choice === undefined) pending = [...pending, [type, data, at] as const].slice(-MOST_PENDING);
    if (choice !== 'granted') return;
    const { seen = 0 } = memory.read();
    memory.write({ ...memory.read(), seen: at });
    if (at - seen > SESSION) add('session', { url: location.href, referrer: document.referrer }, at);
    add(type, data, at);
    onAdded();
  }

  function add(type: Tracked, data: Data, at: number): void {
    queue.add({ id: newId(), type, at, data });
  }

  return {
    consent,
    record,
    decide: (choice: unknown): void => {
      if (choice !== 'granted' && choice !== 'denied') return;
      const waiting = pending;
      pending = [];
      if (choice === 'denied') memory.write({ consent: choice });
      else if (memory.read().consent !== choice) memory.write({ consent: choice, visitor: newId() });
      for (const event of waiting) record(...event);
    }
  };
}
