import { expect, test } from 'vitest';
import { MUTANTS } from './mutants';

const sources = import.meta.glob<string>('../../src/lib/**/*.ts', { query: '?raw', import: 'default' });

test('there are enough of them, each with a name of its own', () => {
  expect(MUTANTS.length).toBeGreaterThanOrEqual(15);
  expect(new Set(MUTANTS.map(({ name }) => name)).size).toBe(MUTANTS.length);
});

test.each(MUTANTS.map((mutant) => [mutant.name, mutant] as const))('%s: its text is there once', async (_, mutant) => {
  const source = await sources[`../../src/lib/${mutant.file}`]?.();
  expect(source?.split(mutant.replace[0]).length).toBe(2);
});
