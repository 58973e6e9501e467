import { setImmediate as soon } from 'node:timers';
import { promisify } from 'node:util';

/**
 * `npm run test:pauses` loads this before everything: the tests' IndexedDB rests now and then, as on a busy computer. It keeps its order,
 * and each request takes its time. What looks too soon, or shows as known what is not read yet, fails by that.
 */
const CHANCE = 0.01;
/** At most so many ms. */
const LONGEST = 40;

/** @type {(() => void)[]} */
const waiting = [];
let isBusy = false;

function next() {
  const task = waiting.shift();
  isBusy = task !== undefined;
  if (task === undefined) return;
  const run = () => {
    try {
      task();
    } finally {
      next();
    }
  };
  if (Math.random() < CHANCE) setTimeout(run, Math.random() * LONGEST);
  else soon(run);
}

/** It asks the global object for `setImmediate` at each step, from this file of its own. */
const isOfDatabase = () => /fake-indexeddb\/.*\/scheduling\.js/.test(new Error().stack?.split('\n')[3] ?? '');

/** @type {(task: (...given: any[]) => void, ...given: any[]) => any} */
const paused = (task, ...given) => {
  if (!isOfDatabase()) return soon(task, ...given);
  waiting.push(() => task(...given));
  if (!isBusy) next();
};
Object.assign(globalThis, { setImmediate: Object.assign(paused, { [promisify.custom]: promisify(soon) }) });
