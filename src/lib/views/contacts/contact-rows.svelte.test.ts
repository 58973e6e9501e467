import { flushSync } from 'svelte';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { workspaceDatabase } from '$lib/app/database';
import { NEWEST_FIRST } from '$lib/app/queries';
import type { Id } from '$lib/core/ids';
import type { Contact } from '$lib/core/rows/contacts';
import { CHUNK, ContactRows, type Shown } from './contact-rows.svelte';

const ALL = 120;
const READERS = 70;
const idOf = (n: number): Id => `c${String(n).padStart(3, '0')}`;
/** The last of them is hidden; every one up to `READERS` is on the list. */
const contacts = Array.from({ length: ALL + 1 }, (_, n): Contact => ({
  id: idOf(n),
  email: `lecteur${n}@exemple.fr`,
  attributes: {},
  listIds: n < READERS ? ['lettre'] : [],
  listedAt: {},
  createdAt: 1,
  updatedAt: 1,
  ...(n === ALL ? { hiddenAt: 9 } : {})
}));
const newestOf = (rows: readonly Contact[]) => rows.filter(({ hiddenAt }) => hiddenAt === undefined).toReversed();

let shown = $state.raw<Shown>({ listId: null, search: '', sort: NEWEST_FIRST, filters: null });
let newest = $state.raw<readonly Contact[]>([]);
let rows: ContactRows;
let stop: () => void;
const seen = vi.fn();

/** As the table does: who looks keeps the queries alive. */
function look(): () => void {
  return $effect.root(() => {
    rows = new ContactRows(
      () => shown,
      () => newest
    );
    $effect(() => {
      seen(rows.total, rows.count, rows.isSettled, rows.at(0));
    });
  });
}

beforeEach(async () => {
  const database = await workspaceDatabase();
  await database.contacts.bulkPut(contacts);
  newest = newestOf(contacts).slice(0, CHUNK);
  stop = look();
});
afterEach(() => {
  stop();
  shown = { listId: null, search: '', sort: NEWEST_FIRST, filters: null };
});

test('the newest stand there at once; the order and the number of all come after them', async () => {
  flushSync();
  expect([rows.count, rows.at(0)?.id, rows.at(CHUNK - 1)?.id]).toEqual([CHUNK, idOf(ALL - 1), idOf(ALL - CHUNK)]);
  expect([rows.total, rows.ids]).toEqual([undefined, null]);
  await vi.waitFor(() => expect([rows.total, rows.count, rows.isSettled]).toEqual([ALL, ALL, true]));
  expect(rows.at(0)?.id).toBe(idOf(ALL - 1));
  rows.show(ALL - 5, ALL - 1);
  await vi.waitFor(() => expect(rows.at(ALL - 1)?.id).toBe(idOf(0)));
});

test('of a list its own come, and the number of all stays', async () => {
  await vi.waitFor(() => expect(rows.total).toBe(ALL));
  shown = { ...shown, listId: 'lettre' };
  flushSync();
  expect([rows.total, rows.count]).toEqual([ALL, 0]);
  await vi.waitFor(() => expect([rows.count, rows.isSettled]).toEqual([READERS, true]));
  expect(rows.at(0)?.id).toBe(idOf(READERS - 1));
  shown = { ...shown, listId: null };
  flushSync();
  expect([rows.total, rows.at(0)?.id]).toEqual([ALL, idOf(ALL - 1)]);
  await vi.waitFor(() => expect(rows.count).toBe(ALL));
});

test('what is searched from the first is found, and all are counted', async () => {
  stop();
  shown = { ...shown, search: 'lecteur11' };
  stop = look();
  // The order is read first, then the rows that it puts in view.
  await vi.waitFor(() => expect([rows.count, rows.total, rows.at(0)?.id]).toEqual([11, ALL, idOf(119)]));
});

test('a list that is left while its order is being read is in nobody’s way, whenever that is', async () => {
  await vi.waitFor(() => expect(rows.total).toBe(ALL));
  const turns = async (count: number) => {
    for (let n = 0; n < count; n++) await new Promise((resolve) => setImmediate(resolve));
  };
  for (let until = 0; until < 40; until++) {
    shown = { ...shown, listId: 'lettre' };
    flushSync();
    await turns(until);
    shown = { ...shown, listId: null };
    flushSync();
    await turns(100);
    await vi.waitFor(() => expect([until, rows.count, rows.isSettled]).toEqual([until, ALL, true]));
  }
});
