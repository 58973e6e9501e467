import { expect, test } from 'vitest';
import { holdsFor } from './holding';
import { memoryMachine } from './machines';

test('whatever happens, everything holds', { timeout: 600_000 }, async () => {
  expect((await holdsFor(151, 150, memoryMachine)).runs).toBe(150);
});
