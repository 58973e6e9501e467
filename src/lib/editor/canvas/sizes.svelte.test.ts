import { flushSync } from 'svelte';
import { expect, test } from 'vitest';
import { Sizes } from './sizes.svelte';

test('what is measured in one go is told once', async () => {
  const sizes = new Sizes();
  const told: number[] = [];
  const stop = $effect.root(() => {
    $effect(() => void told.push(sizes.measured.size));
  });
  flushSync();
  for (let n = 0; n < 300; n++) sizes.measure(`s${n}`, 264, 60);
  await Promise.resolve();
  flushSync();
  sizes.measure('s1', 264, 60);
  sizes.measure('s2', 264, undefined);
  await Promise.resolve();
  flushSync();
  expect(told).toEqual([0, 300]);
  stop();
});
