import { expect, test } from 'vitest';
import { holdsFor } from './holding';
import { dexieMachine } from './machines';

test('whatever happens, everything holds on IndexedDB too', async () => {
  expect((await holdsFor(1, 20, dexieMachine)).runs).toBe(20);
});
