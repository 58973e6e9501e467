import { expect, test } from 'vitest';
import { holdsFor } from './holding';
import { dexieMachine } from './machines';

test('whatever happens, everything holds on IndexedDB too', { timeout: 600_000 }, async () => {
  expect((await holdsFor(1, 20, dexieMachine)).runs).toBe(20);
});
