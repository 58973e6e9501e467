import { flushSync } from 'svelte';
import { expect, test, vi } from 'vitest';
import { SECOND } from '$lib/core/instants';
import { WorkspaceDatabase } from '$lib/storage/dexie/database';
import { rowById } from '$lib/storage/dexie/queries';
import { workspaceDatabase } from './database';
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

test('a query is answered though what it reads keeps changing before it can be', async () => {
  const database = await workspaceDatabase();
  const slowly = async () => {
    const count = await database.lists.count();
    await new Promise((resolve) => setTimeout(resolve, 300));
    return count;
  };
  const counted = live(slowly);
  const seen = vi.fn();
  const stop = $effect.root(() => {
    $effect(() => {
      seen(counted.value);
    });
  });
  flushSync();
  const writing = setInterval(() => void database.lists.put({ id: crypto.randomUUID(), name: 'x', createdAt: 1 }), 100);
  try {
    await vi.waitFor(() => expect(seen).toHaveBeenCalledWith(expect.any(Number)));
  } finally {
    clearInterval(writing);
    stop();
  }
});

test('a page that was about to be left and has stayed reads on, and sees what was written meanwhile', async () => {
  const database = await workspaceDatabase();
  const counted = live((it) => it.lists.count());
  let seen: number | undefined;
  const stop = $effect.root(() => {
    $effect(() => {
      seen = counted.value;
    });
  });
  flushSync();
  await vi.waitFor(() => expect(seen).toBeTypeOf('number'));
  const before = seen ?? 0;
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const worker = new WorkspaceDatabase(database.name);
  try {
    dispatchEvent(new Event('beforeunload'));
    await expect(database.lists.count()).rejects.toMatchObject({ name: 'DatabaseClosedError' });
    await worker.open();
    await worker.lists.put({ id: crypto.randomUUID(), name: 'Écrite entre-temps', createdAt: 1 });
    await vi.advanceTimersByTimeAsync(2 * SECOND);
    await vi.waitFor(() => expect(seen).toBe(before + 1));
  } finally {
    vi.useRealTimers();
    worker.close();
    stop();
  }
});
