import { expect, test } from 'vitest';
import { providers } from './registry';

const tests = import.meta.glob<string>('./**/*.test.ts', { query: '?raw', import: 'default', eager: true });

test('every adapter in the registry is tried', () => {
  const tried = Object.values(tests).flatMap((source) =>
    [...source.matchAll(/^describe(?:Provider|Sandbox)\('([\w.]+)'/gm)].map(([, id]) => id)
  );
  expect(tried.sort()).toEqual([...providers.keys()].sort());
});

test('every adapter that sends several messages in one call is tried with that', () => {
  const tried = Object.values(tests).flatMap((source) =>
    [...source.matchAll(/^describeBatches\('([\w.]+)'/gm)].map(([, id]) => id)
  );
  const together = [...providers].flatMap(([id, { batches }]) => (batches === undefined ? [] : [id]));
  expect(tried.sort()).toEqual(together.sort());
});
