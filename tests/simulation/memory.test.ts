import { describe, expect, test } from 'vitest';
import { run } from './run';

test('a seed replays exactly', async () => {
  const [once, again] = [await run(7), await run(7)];
  expect(again.hash).toBe(once.hash);
  expect((await run(8)).hash).not.toBe(once.hash);
});

describe('whatever happens, everything holds', () => {
  test.each([1, 101])('seeds from %i', { timeout: 120_000 }, async (first) => {
    for (let seed = first; seed < first + 100; seed++) {
      const { violation, trace } = await run(seed);
      expect(violation, `seed ${seed}\n${trace.slice(-60).join('\n')}`).toBeNull();
    }
  });
});
