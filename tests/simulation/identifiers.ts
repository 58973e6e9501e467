import type { Instant } from '$lib/core/instants';
import type { Random } from './random';

/**
 * Ids as the app makes them (UUID version 7): ordered by time within one tab, even where its clock goes back; between tabs, and after a
 * restart, as ordered as their clocks are.
 */
export function identifier(now: () => Instant, random: Random, tab: string): () => string {
  let last = 0;
  let sequence = 0;
  return () => {
    const at = now();
    if (at > last) {
      last = at;
      sequence = random.between(0, 0x7fffff);
    } else sequence++;
    return `${last.toString(16).padStart(12, '0')}-${sequence.toString(16).padStart(8, '0')}-${tab}`;
  };
}
