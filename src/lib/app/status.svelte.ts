import { createSubscriber } from 'svelte/reactivity';
import type { Status } from '$lib/worker/api';
import { engine } from './engine';

const EVERY = 5_000;
/** Which tab runs the engine settles within a moment of the start: until then nobody is said to. */
const SETTLING = 2_000;

let known: Status | null = null;
const subscribe = createSubscriber((update) => {
  const startedAt = performance.now();
  const ask = async (): Promise<void> => {
    // A worker that cannot start is said by whatever screen asks for the data.
    const status = await engine()
      .status()
      .catch(() => null);
    const isSettling = status?.runner === 'elsewhere' && performance.now() - startedAt < SETTLING;
    known = isSettling ? { ...status, runner: 'none' } : status;
    if (isSettling) setTimeout(again, SETTLING / 2);
    update();
  };
  const again = (): void => void ask();
  again();
  const timer = setInterval(again, EVERY);
  for (const event of ['focus', 'online', 'offline']) addEventListener(event, again);
  asking = again;
  return () => {
    clearInterval(timer);
    for (const event of ['focus', 'online', 'offline']) removeEventListener(event, again);
    asking = null;
  };
});
let asking: (() => void) | null = null;

/** What the engine is doing, asked again every few seconds; null until the first answer. */
export function engineStatus(): Status | null {
  subscribe();
  return known;
}

/** Asks at once: after something that changes it. */
export function askStatus(): void {
  asking?.();
}
