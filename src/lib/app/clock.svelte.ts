import { createSubscriber } from 'svelte/reactivity';

const subscribe = createSubscriber((update) => {
  const timer = setInterval(update, 30_000);
  return () => clearInterval(timer);
});

/** The present instant, for 'three minutes ago': read where it is shown, it moves on by itself every half minute. */
export function now(): number {
  subscribe();
  return Date.now();
}
