import { expect, test } from 'vitest';
import { providers } from './registry';

const tests = import.meta.glob<string>('./**/*.test.ts', { query: '?raw', import: 'default', eager: true });

test('every adapter in the registry is tried', () => {
  const tried = Object.values(tests).flatMap((source) =>
    [...source.matchAll(/^describe(?:Provider|Sandbox)\('([\w.]+)'/gm)].map(([, id]) => id)
  );
  expect(tried.sort()).toEqual([...providers.keys()].sort());
});
