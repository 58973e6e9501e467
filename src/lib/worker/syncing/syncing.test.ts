import { expect, test } from 'vitest';
import { create } from '$lib/core/changes';
import { MINUTE, SECOND } from '$lib/core/instants';
import { contactRow } from '$lib/storage/testing/rows';
import { Shelf } from '$lib/sync/testing/memory-remote';
import { beginSync } from './pass';
import { Syncing } from './syncing';
import { Device } from './testing/device';
import { openSeal, vaultOf } from './testing/shelf';

const START = Date.UTC(2027, 0, 15);

/** One device with a clock that a test moves; `delays`: what it has set its timer to, the last one last. */
async function device(fault: () => 'offline' | null = () => null) {
  const shelf = new Shelf();
  const one = new Device('a', () => START);
  await beginSync(one.storage, { device: 'a', generation: 1, isJoining: false });
  const delays: number[] = [];
  const right = { isHeld: true };
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
    { vault: vaultOf('a'), newDevice: () => 'x', right, took: () => undefined, watch }
  );
  return {
    shelf,
    one,
    delays,
    syncing,
    changed: () => changed(),
    connect: () => syncing.connect({ remote: shelf.remote(fault), seal: openSeal() })
  };
}

test('says so where it shares no remote, and tells what was written once it does', async () => {
  const { shelf, one, syncing, changed, connect, delays } = await device();
  await one.write(create('contacts', 'c1', contactRow({ id: 'c1' })));
  expect(await syncing.now()).toMatchObject({ ok: false, reason: { key: 'words.sync.not_connected' } });
  connect();
  expect(await syncing.now()).toEqual({ ok: true, value: undefined });
  expect(shelf.objects.size).toBe(1);
  expect(await one.rows('runtime')).toMatchObject([{ syncedAt: START }]);
  changed();
  expect(delays).toEqual([0, MINUTE, 2 * SECOND]);
  syncing.disconnect();
  changed();
  expect(delays).toHaveLength(3);
});

test('tries again later and later where the remote fails, and at once again when it answers', async () => {
  let isOffline = true;
  const { one, syncing, connect, delays } = await device(() => (isOffline ? 'offline' : null));
  connect();
  for (let n = 0; n < 6; n++) expect((await syncing.now()).ok).toBe(false);
  expect(delays).toEqual([0, 1, 2, 4, 8, 15, 15].map((minutes) => minutes * MINUTE));
  expect(await one.rows('runtime')).toMatchObject([{ problem: { key: 'test.offline' } }]);
  isOffline = false;
  await syncing.now();
  expect(delays.at(-1)).toBe(MINUTE);
  expect((await one.rows('runtime'))[0]).not.toHaveProperty('problem');
});
