import { describe, expect, test } from 'vitest';
import { readMessages } from '../../commands/messages.mjs';

const known = new Set(Object.keys(readMessages('fr')));
const sources = import.meta.glob<string>(['../**/*.ts', '../**/*.svelte', '!../**/*.test.ts', '!./paraglide/**'], {
  query: '?raw',
  import: 'default',
  eager: true
});

describe('words that the code writes', () => {
  test('each have a message', () => {
    const missing = Object.entries(sources).flatMap(([file, source]) =>
      [...source.matchAll(/['`](words\.[\w.]+)['`]/g)]
        .map(([, key]) => key as string)
        .filter((key) => !known.has(key))
        .map((key) => `${file}: ${key}`)
    );
    expect(missing).toEqual([]);
  });
});
