import { flushSync } from 'svelte';
import { expect, test } from 'vitest';
import { rowById } from '$lib/storage/dexie/queries';
import { live } from './live.svelte';

test('a query that reads state is made anew with it', () => {
  let id = $state('a');
  let limit = $state(10);
  const seen: unknown[] = [];
  const stop = $effect.root(() => {
    const plain = $derived(live((database) => rowById(database, 'lists', id)));
    const chained = $derived(
      live(async (database) => (await database.lists.where('id').above('x').limit(limit).toArray()).length)
    );
    $effect(() => {
      seen.push(plain);
    });
    $effect(() => {
      seen.push(chained);
    });
  });
  flushSync();
  expect(seen).toHaveLength(2);
  id = 'b';
  flushSync();
  expect(seen).toHaveLength(3);
  limit = 20;
  flushSync();
  expect(seen).toHaveLength(4);
  stop();
});
