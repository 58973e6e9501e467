import { expect, test, vi } from 'vitest';
import { create } from '$lib/core/changes';
import { MINUTE, SECOND } from '$lib/core/instants';
import { failed, ok, type Result } from '$lib/core/result';
import { contactRow } from '$lib/storage/testing/rows';
import { backupId, pieceName } from '$lib/sync/names';
import type { Remote } from '$lib/sync/remote';
import { Shelf } from '$lib/sync/testing/memory-remote';
import { beginSync, endSync, syncOnce } from './pass';
import { Syncing } from './syncing';
import { Device } from './testing/device';
import { openSeal, vaultOf } from './testing/shelf';

const START = Date.UTC(2027, 0, 15);

/** One device with a clock that a test moves; `delays`: what it has set its timer to, the last one last. */
async function device(fault: () => 'offline' | null = () => null, met: () => Result<void> = () => ok(undefined)) {
  const shelf = new Shelf();
  const one = new Device('a', () => START);
  await beginSync(one.storage, { device: 'a', generation: 1, isJoining: false });
  const delays: number[] = [];
  const right = { isHeld: true };
  let looks = 0;
  let changed = (): void => undefined;
  const watch = (told: () => void) => {
    changed = told;
    return () => (changed = () => undefined);
  };
  const timers = {
    after: (delay: number) => {
      delays.push(delay);
      return () => undefined;
    }
  };
  const syncing = new Syncing(
    { storage: one.storage, now: () => START, timers, isOnline: () => true },
    {
      vault: vaultOf('a'),
      newDevice: () => 'x',
      right,
      runs: () => true,
      took: () => (looks += 1),
      alone: (work) => work(),
      watch
    }
  );
  return {
    shelf,
    one,
    delays,
    looks: () => looks,
    syncing,
    changed: () => changed(),
    connect: (as: (remote: Remote) => Remote = (remote) => remote) =>
      syncing.connect({ remote: as(shelf.remote(fault)), seal: openSeal(), meet: () => Promise.resolve(met()) })
  };
}

test('says so where it shares no remote, and tells what was written once it does', async () => {
  const { shelf, one, syncing, changed, connect, delays } = await device();
  await one.write(create('contacts', 'c1', contactRow({ id: 'c1' })));
  expect(await syncing.now()).toMatchObject({ ok: false, reason: { key: 'words.sync.not_connected' } });
  await connect();
  expect(await syncing.now()).toEqual({ ok: true, value: undefined });
  expect(shelf.objects.size).toBe(1);
  expect(await one.rows('runtime')).toMatchObject([{ syncedAt: START }]);
  changed();
  expect(delays).toEqual([0, MINUTE, 2 * SECOND]);
  await syncing.disconnect();
  changed();
  expect(delays).toHaveLength(3);
});

test('tries again later and later where the remote fails, and at once again when it answers', async () => {
  let isOffline = true;
  const { one, syncing, connect, delays } = await device(() => (isOffline ? 'offline' : null));
  await connect();
  for (let n = 0; n < 6; n++) expect((await syncing.now()).ok).toBe(false);
  expect(delays).toEqual([0, 1, 2, 4, 8, 15, 15].map((minutes) => minutes * MINUTE));
  expect(await one.rows('runtime')).toMatchObject([{ problem: { key: 'test.offline' } }]);
  isOffline = false;
  await syncing.now();
  expect(delays.at(-1)).toBe(MINUTE);
  expect((await one.rows('runtime'))[0]).not.toHaveProperty('problem');
});

test('has the engine look only where something was taken in: what the engine writes then would be told without end', async () => {
  const { shelf, one, syncing, connect, looks } = await device();
  await connect();
  await one.write(create('contacts', 'c1', contactRow({ id: 'c1' })));
  await syncing.now();
  expect(looks()).toBe(0);
  const other = new Device('b', () => START);
  await beginSync(other.storage, { device: 'b', generation: 1, isJoining: true });
  await other.write(create('contacts', 'c2', contactRow({ id: 'c2' })));
  const parts = {
    storage: other.storage,
    now: () => START,
    newDevice: () => 'y',
    runs: () => false,
    vault: vaultOf('b')
  };
  await syncOnce({ ...parts, remote: shelf.remote(), seal: openSeal() }, new AbortController().signal);
  await syncing.now();
  expect(looks()).toBe(1);
});

test('tries at once when it is told that the network may be back, and never without a remote', async () => {
  const { syncing, connect, delays } = await device(() => 'offline');
  syncing.soon();
  expect(delays).toEqual([]);
  await connect();
  await syncing.now();
  syncing.soon();
  expect(delays).toEqual([0, MINUTE, 0]);
});

test('… and once more where a pass that will fail is under way', async () => {
  const { syncing, connect, delays } = await device(() => 'offline');
  await connect();
  const failing = syncing.now();
  syncing.soon();
  await failing;
  expect(delays).toEqual([0, 0]);
  await syncing.now();
  expect(delays).toEqual([0, 0, 2 * MINUTE]);
});

test('does not pass while the remote is not what it was, and says so', async () => {
  let met: Result<void> = failed({ key: 'words.sync.new_key' });
  const { one, shelf, syncing, connect } = await device(undefined, () => met);
  await one.write(create('contacts', 'c1', contactRow({ id: 'c1' })));
  await connect();
  expect(await syncing.now()).toEqual(met);
  expect(shelf.objects.size).toBe(0);
  expect(await one.rows('runtime')).toMatchObject([{ problem: { key: 'words.sync.new_key' } }]);
  met = ok(undefined);
  expect((await syncing.now()).ok).toBe(true);
  expect(shelf.objects.size).toBe(1);
});

test('ends quietly where another tab has ended it meanwhile', async () => {
  const { one, syncing, connect } = await device();
  await connect();
  await endSync(one.storage, START);
  expect(await syncing.now()).toMatchObject({ ok: false, reason: { key: 'words.sync.not_connected' } });
  expect(await one.rows('runtime')).toEqual([]);
});

test('passes again as soon as a remote that holds its answer back tells of something', async () => {
  const { shelf, syncing, delays, connect } = await device();
  const waits: number[] = [];
  let tell = (_names: string[]): void => undefined;
  await connect((remote) => ({
    ...remote,
    changes: (cursor, asked) => {
      waits.push(asked.wait);
      if (asked.wait === 0) return remote.changes(cursor, asked);
      return new Promise((resolve) => {
        tell = (names) => resolve(ok({ names, cursor: '1', isMore: false }));
      });
    }
  }));
  await syncing.now();
  await vi.waitFor(() => expect(waits.at(-1)).toBe(50 * SECOND));
  expect(delays.at(-1)).toBe(MINUTE);
  tell([...shelf.objects.keys(), 'g1/b/0000000000']);
  await vi.waitFor(() => expect(delays.at(-1)).toBe(0));
});

test('… but not of the pieces of a backup', async () => {
  const { shelf, syncing, delays, connect } = await device();
  const piece = pieceName(1, backupId(START, 'abcdefgh'), 0);
  const cursors: (string | null)[] = [];
  let tell = (_names: string[]): void => undefined;
  await connect((remote) => ({
    ...remote,
    changes: (cursor, asked) => {
      if (asked.wait === 0) return remote.changes(cursor, asked);
      cursors.push(cursor);
      return new Promise((resolve) => {
        tell = (names) => resolve(ok({ names, cursor: `${cursors.length}`, isMore: false }));
      });
    }
  }));
  await syncing.now();
  await vi.waitFor(() => expect(cursors).toHaveLength(1));
  tell([...shelf.objects.keys(), piece]);
  await vi.waitFor(() => expect(cursors).toHaveLength(2));
  expect(delays.at(-1)).toBe(MINUTE);
});

test('does not ask in a loop a remote that answers at once', async () => {
  let asked = 0;
  const { syncing, connect } = await device();
  await connect((remote) => ({
    ...remote,
    changes: (cursor, options) => {
      asked += 1;
      return remote.changes(cursor, options);
    }
  }));
  await syncing.now();
  await vi.waitFor(() => expect(asked).toBeGreaterThan(1));
  const before = asked;
  await new Promise((resolve) => setImmediate(resolve));
  expect(asked).toBe(before);
});
