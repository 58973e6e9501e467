import { afterEach, expect, test, vi } from 'vitest';
import { update } from '$lib/core/changes';
import { HOUR, SECOND } from '$lib/core/instants';
import { openStorage } from '$lib/storage/dexie/storage';
import { MemoryStorage } from '$lib/storage/memory';
import { LostLease, type Locks } from './lease';
import { sharedLock } from './testing/locks';
import { oneMessageACall, welcomeWorkspace, World } from './testing/world';

const worlds: World[] = [];
afterEach(() => {
  for (const world of worlds.splice(0)) world.close();
});

/** The first tab runs the engine; the second waits for its turn. */
async function twoTabs(contactIds: string[], accountId: string | null = null): Promise<[World, World]> {
  const storage = new MemoryStorage();
  const locks = sharedLock();
  const first = oneMessageACall(new World(storage, locks));
  const second = oneMessageACall(new World(storage, locks));
  worlds.push(first, second);
  await first.put(...welcomeWorkspace(contactIds, accountId));
  await first.open();
  void second.open();
  return [first, second];
}

test('an edit in the tab that does not run the engine is kept unmatched, and matched by the one that does', async () => {
  const [first, second] = await twoTabs(['c1']);
  await second.addToList(['c1'], 'l1');
  expect(second.lease.isHeld).toBe(false);
  expect((await second.all('events')).map(({ type, unmatched }) => [type, unmatched])).toEqual([
    ['contact.added_to_list', 1]
  ]);
  expect(await second.all('enrolments')).toEqual([]);
  await first.look();
  expect(await first.enrolment('c1')).toMatchObject({ stepId: 's1' });
  expect((await first.all('events')).filter(({ unmatched }) => unmatched)).toEqual([]);
  await second.pass(2 * HOUR);
  expect(await second.outbox()).toEqual([]);
});

test('when the first tab closes, the second goes on', async () => {
  const [first, second] = await twoTabs(['c1']);
  await first.addToList(['c1'], 'l1');
  first.close();
  await vi.waitFor(() => expect(second.lease.isHeld).toBe(true));
  await second.pass(HOUR);
  expect(await second.outbox()).toMatchObject([{ status: 'sent' }]);
});

test('an edit in a tab that has lost the lease without knowing it is kept, and matched by the one that runs the engine', async () => {
  const [first, second] = await twoTabs(['c1']);
  await takeOver(first, second);
  first.lease.isHeld = true;
  await first.addToList(['c1'], 'l1');
  expect(first.lease.isHeld).toBe(false);
  expect(await second.all('enrolments')).toEqual([]);
  await second.look();
  expect(await second.enrolment('c1')).toMatchObject({ stepId: 's1' });
});

test('a turn of a tab that has lost the lease is void', async () => {
  const [first, second] = await twoTabs(['c1']);
  await takeOver(first, second);
  first.lease.isHeld = true;
  await expect(first.runner.turn({ changes: [update('contacts', 'c1', { listIds: ['l2'] })] })).rejects.toBeInstanceOf(
    LostLease
  );
  expect(await second.all('contacts')).toMatchObject([{ listIds: [] }]);
});

test('a lease that is lost while calls are under way: nothing more leaves, and late answers are void', async () => {
  const ids = Array.from({ length: 20 }, (_, n) => `c${n}`);
  const [first, second] = await twoTabs(ids, 'acc1');
  const answers = hangingAnswers(first);
  second.answer = (url) =>
    Promise.resolve(
      url.endsWith('/v3/smtp/email') ? { status: 201, body: { messageId: '<second@x>' } } : { status: 200, body: {} }
    );
  await first.addToList(ids, 'l1');
  first.now += HOUR;
  const looking = first.runner.look();
  await vi.waitFor(() => expect(answers).toHaveLength(6));
  await takeOver(first, second);
  for (const answer of answers) answer();
  await looking;
  expect(answers).toHaveLength(6);
  await vi.waitFor(async () =>
    expect((await second.outbox()).map(({ messageId }) => messageId)).toEqual(ids.map(() => '<second@x>'))
  );
});

test('a tab that wakes from a long sleep, and has not heard yet that another has taken over, lets nothing more leave', async () => {
  const ids = Array.from({ length: 20 }, (_, n) => `c${n}`);
  const [first, second] = await twoTabs(ids, 'acc1');
  const answers = hangingAnswers(first);
  await first.addToList(ids, 'l1');
  first.now += HOUR;
  await first.lease.confirm();
  // Marked shortly before others may take it for frozen: the marks are good for longer than the heartbeat.
  first.now += 9 * SECOND;
  const looking = first.runner.look();
  await vi.waitFor(() => expect(answers).toHaveLength(6));
  first.now += 2 * SECOND;
  // The other's claim is in the database; word of the lock comes later.
  await second.put(update('runtime', 'runner', { epoch: 2, heartbeat: first.now }));
  for (const answer of answers) answer();
  await looking;
  expect(answers).toHaveLength(6);
});

test('of two tabs that notice at the same moment that the runner is frozen, one takes over', async () => {
  const storage = new MemoryStorage();
  const shared = sharedLock();
  // The platform answers later: meanwhile the other has asked as well.
  const locks: Locks = {
    request: ((...asked: Parameters<Locks['request']>) =>
      new Promise((resolve) => setTimeout(resolve, 20)).then(() => shared.request(...asked))) as Locks['request']
  };
  const [frozen, second, third] = [new World(storage, locks), new World(storage, locks), new World(storage, locks)];
  worlds.push(frozen, second, third);
  await frozen.open();
  second.now = third.now = frozen.now + 11 * SECOND;
  void second.open();
  void third.open();
  second.now += 3 * SECOND;
  third.now += 3 * SECOND;
  second.beat();
  third.beat();
  await vi.waitFor(() => expect([second, third].some(({ lease }) => lease.isHeld)).toBe(true));
  await new Promise((resolve) => setTimeout(resolve, 100));
  const [runner] = await second.all('runtime');
  expect(runner).toMatchObject({ epoch: 2 });
});

test('a claim that the database refuses is made again', async () => {
  const storage = new MemoryStorage();
  const refusal = vi.spyOn(storage, 'transact').mockRejectedValueOnce(new Error('the disk is full'));
  const world = new World(storage, sharedLock());
  worlds.push(world);
  world.lease.start();
  await vi.waitFor(() => expect(refusal).toHaveBeenCalledOnce());
  await new Promise((resolve) => setTimeout(resolve));
  expect(world.lease.isHeld).toBe(false);
  world.now += SECOND;
  world.beat();
  await vi.waitFor(() => expect(world.lease.isHeld).toBe(true));
});

/** What the provider says comes when the test calls for it. */
function hangingAnswers(world: World): (() => void)[] {
  const answers: (() => void)[] = [];
  world.answer = (url) =>
    url.endsWith('/v3/smtp/email')
      ? new Promise((resolve) => answers.push(() => resolve({ status: 201, body: { messageId: '<first@x>' } })))
      : Promise.resolve({ status: 200, body: {} });
  return answers;
}

/** The first tab's clock stands still: to the second its heart has stopped, and it steals the lock. */
async function takeOver(first: World, second: World): Promise<void> {
  second.now = first.now + 11 * SECOND;
  second.beat();
  await vi.waitFor(() => expect(second.lease.isHeld).toBe(true));
}

test('a tab whose database another has closed, to replace or to upgrade it, runs nothing any more and has nothing to report', async () => {
  const storage = await openStorage({ name: 'closed-under-the-runner' });
  const world = new World(storage);
  worlds.push(world);
  await world.put(...welcomeWorkspace(['c1'], null));
  await world.open();
  storage.close();
  await expect(world.runner.look()).resolves.toBeUndefined();
  expect(world.lease.isHeld).toBe(false);
});
