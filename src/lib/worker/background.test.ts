import { afterEach, expect, test } from 'vitest';
import { create } from '$lib/core/changes';
import { HOUR, MINUTE } from '$lib/core/instants';
import { MemoryStorage } from '$lib/storage/memory';
import { connectionRow } from '$lib/storage/testing/rows';
import { lookOnce } from './background';
import { ACCEPTED, answering, closeWorlds, due, never, statuses } from './testing/due';
import { sharedLock } from './testing/locks';
import { oneMessageACall, World } from './testing/world';

afterEach(closeWorlds);

/** The page is closed: what it had begun is in its storage. */
async function closedPage(count: number): Promise<{ storage: MemoryStorage; now: number }> {
  const storage = new MemoryStorage();
  const { world } = await due(count, () => ACCEPTED, {}, storage);
  world.close();
  return { storage, now: world.now };
}

test('with no page open, what is due leaves, once, and the right is given back', async () => {
  const { storage, now } = await closedPage(40);
  const locks = sharedLock();
  const world = oneMessageACall(new World(storage, locks));
  world.now = now;
  const sent = answering(world, () => ACCEPTED);
  expect(await lookOnce(world.parts, { locks, name: 'runner', longest: MINUTE })).toBe(true);
  expect(new Set(sent.map(({ to }) => to)).size).toBe(40);
  expect(await statuses(world)).toEqual({ sent: 40 });
  expect(await world.enrolment('c007')).toMatchObject({ stepId: 's3' });

  expect(await lookOnce(world.parts, { locks, name: 'runner', longest: MINUTE })).toBe(true);
  expect(sent).toHaveLength(40);
});

test('with a page open, it is left to that page', async () => {
  const { storage, now } = await closedPage(3);
  const locks = sharedLock();
  const world = oneMessageACall(new World(storage, locks));
  world.now = now;
  const sent = answering(world, () => ACCEPTED);
  await locks.request('runner', {}, async () => {
    expect(await lookOnce(world.parts, { locks, name: 'runner', longest: MINUTE })).toBe(false);
  });
  expect(sent).toEqual([]);
});

test('with devices that share the workspace, it is left to whoever has the right among them', async () => {
  const { storage, now } = await closedPage(3);
  await storage.commit([create('runtime', 'connection', connectionRow())]);
  const locks = sharedLock();
  const world = oneMessageACall(new World(storage, locks));
  world.now = now;
  const sent = answering(world, () => ACCEPTED);
  expect(await lookOnce(world.parts, { locks, name: 'runner', longest: MINUTE })).toBe(false);
  expect(sent).toEqual([]);
});

test('what takes too long is given up, and is the next runner’s: nothing is lost or doubled', async () => {
  const { storage, now } = await closedPage(2);
  const locks = sharedLock();
  const world = oneMessageACall(new World(storage, locks));
  world.now = now;
  answering(world, (_, n) => (n === 0 ? never : ACCEPTED));
  expect(await lookOnce(world.parts, { locks, name: 'runner', longest: 50 })).toBe(true);

  const next = new World(storage, sharedLock());
  next.now = now + HOUR;
  const again = answering(next, () => ACCEPTED);
  await next.open();
  await next.look();
  expect(again.length).toBeLessThanOrEqual(2);
  const { sent = 0, uncertain = 0 } = await statuses(next);
  expect(sent + uncertain).toBe(2);
});
