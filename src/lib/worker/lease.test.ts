import { beforeEach, expect, test } from 'vitest';
import { SECOND, type Instant } from '$lib/core/instants';
import { StorageFailure, type Unusable } from '$lib/storage/failures';
import { MemoryStorage } from '$lib/storage/memory';
import { Lease } from './lease';
import { sharedLock } from './testing/locks';

const START = Date.UTC(2027, 0, 15);

/** A disk on which nothing can be written while it is unusable. */
class Disk extends MemoryStorage {
  unusable: Unusable | null = null;

  override transact: MemoryStorage['transact'] = (work) =>
    this.unusable === null
      ? super.transact(work)
      : Promise.reject(new StorageFailure(this.unusable, new DOMException('no', 'QuotaExceededError')));
}

let now: Instant;
let disk: Disk;
let timers: { at: Instant; work: () => void }[];
let uncaught: unknown[];
let lost: number;
let lease: Lease;

beforeEach(async () => {
  now = START;
  disk = new Disk();
  timers = [];
  uncaught = [];
  lost = 0;
  const after = (delay: number, work: () => void) => {
    const timer = { at: now + delay, work };
    timers.push(timer);
    return () => void (timers = timers.filter((one) => one !== timer));
  };
  await new Promise<void>((gained) => {
    lease = new Lease(
      disk,
      sharedLock(),
      'runner',
      { now: () => now, timers: { after } },
      { gained, lost: () => lost++ }
    );
    lease.start();
  });
  const heard = (error: unknown): void => void uncaught.push(error);
  process.on('unhandledRejection', heard);
  return () => {
    process.off('unhandledRejection', heard);
    lease.stop();
  };
});

async function pass(time: number): Promise<void> {
  for (const until = now + time; now < until; now += SECOND) {
    const due = timers.filter(({ at }) => at <= now);
    timers = timers.filter(({ at }) => at > now);
    for (const { work } of due) work();
    // Node tells of rejections that nobody has caught after a turn.
    await new Promise((resolve) => setImmediate(resolve));
  }
}

test('a heart that cannot be written says why, is not sure any more, and beats on once there is room', async () => {
  await pass(4 * SECOND);
  expect([lease.isSure, lease.problem]).toEqual([true, null]);
  disk.unusable = 'full';
  await pass(12 * SECOND);
  expect([lease.isHeld, lease.isSure, lease.problem]).toEqual([true, false, { key: 'words.storage.full' }]);
  expect(lost).toBe(0);
  disk.unusable = null;
  await pass(4 * SECOND);
  expect([lease.isHeld, lease.isSure, lease.problem]).toEqual([true, true, null]);
  expect(uncaught).toEqual([]);
});

test('whose database another tab has closed has lost the right', async () => {
  disk.unusable = 'closed';
  await pass(4 * SECOND);
  expect([lease.isHeld, lost]).toEqual([false, 1]);
  expect(uncaught).toEqual([]);
});

test('what is a bug stays one', async () => {
  disk.transact = () => Promise.reject(new TypeError('a bug'));
  await pass(4 * SECOND);
  expect(uncaught).toEqual([new TypeError('a bug')]);
});
