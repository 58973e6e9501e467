import { seedOf } from '$lib/engine/enrolments';

/** A number from 0 up to 1 that follows from its parts alone: the same seed gives the same simulation. */
export function chance(...parts: readonly (string | number)[]): number {
  let hash = seedOf(parts.join('\u0000'));
  // FNV alone gives like numbers for texts that differ in their last letter.
  hash ^= hash >>> 16;
  hash = Math.imul(hash, 0x85ebca6b);
  hash ^= hash >>> 13;
  hash = Math.imul(hash, 0xc2b2ae35);
  hash ^= hash >>> 16;
  return (hash >>> 0) / 2 ** 32;
}
