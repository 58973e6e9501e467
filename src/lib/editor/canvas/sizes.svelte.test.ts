import { flushSync } from 'svelte';
import { expect, test } from 'vitest';
import type { Card } from '../cards';
import { Sizes, type Look } from './sizes.svelte';

const look = (id: string, sentence: string, mark?: Look['mark']): Look => ({
  card: { id, kind: 'rule', icon: 'clock', name: 'Délai', sentence, problems: [], waiting: 0, sent: 0, failed: 0 } satisfies Card, // prettier-ignore
  mark
});
const learn = (sizes: Sizes, looks: readonly Look[], height: number) =>
  sizes.learn(new Map([...sizes.unmeasured(looks).keys()].map((key) => [key, height])));

test('of cards that look the same one is measured, and it counts for all', () => {
  const sizes = new Sizes();
  const looks = [look('a', '1 jour'), look('b', '1 jour'), look('c', '2 jours'), look('d', '1 jour', 'added')];
  expect([...sizes.unmeasured(looks).values()].map(({ card }) => card.id)).toHaveLength(3);
  learn(sizes, looks, 60);
  expect(sizes.unmeasured(looks).size).toBe(0);
  expect([...sizes.of(looks)].map(([id, { height }]) => [id, height])).toEqual([
    ['a', 60],
    ['b', 60],
    ['c', 60],
    ['d', 60]
  ]);
});

test('a card that looks otherwise keeps its height until it is measured anew', () => {
  const sizes = new Sizes();
  learn(sizes, [look('a', '1 jour')], 60);
  sizes.of([look('a', '1 jour')]);
  const changed = [look('a', 'Un très long texte')];
  expect(sizes.of(changed).get('a')?.height).toBe(60);
  learn(sizes, changed, 80);
  expect(sizes.of(changed).get('a')?.height).toBe(80);
  sizes.forget();
  expect(sizes.unmeasured(changed).size).toBe(1);
  expect(sizes.of(changed).get('a')?.height).toBe(80);
});

test('what is measured is told, once for all', () => {
  const sizes = new Sizes();
  const looks = [look('a', '1 jour'), look('b', '2 jours')];
  const told: number[] = [];
  const stop = $effect.root(() => {
    $effect(() => void told.push(sizes.of(looks).size));
  });
  flushSync();
  learn(sizes, looks, 60);
  sizes.learnNote('n', 72);
  sizes.learnNote('n', undefined);
  flushSync();
  expect(told).toEqual([0, 3]);
  stop();
  expect(sizes.of([look('a', '1 jour'), look('b', '2 jours')])).toBe(sizes.of(looks));
});
