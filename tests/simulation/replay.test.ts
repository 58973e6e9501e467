import { expect, test } from 'vitest';
import { dexieMachine, memoryMachine } from './machines';
import { run } from './run';
import type { Machine } from './simulation';

test.each([
  ['in memory', memoryMachine],
  ['on Dexie', dexieMachine]
] as const)('a seed replays exactly, %s', async (_, machine: () => Machine) => {
  const once = await run(7, machine());
  expect((await run(7, machine())).hash).toBe(once.hash);
  expect((await run(8, machine())).hash).not.toBe(once.hash);
});
