import { beforeEach, expect, test } from 'vitest';
import { DAY, HOUR, MINUTE, SECOND, type Instant } from '$lib/core/instants';
import { failed, ok, type Result } from '$lib/core/result';
import { StorageFailure } from '$lib/storage/failures';
import { DeviceLease } from '$lib/sync/device-lease';
import { DEFAULT_SILENCE } from '$lib/sync/lease-document';
import type { Seal } from '$lib/sync/seal';
import { Shelf } from '$lib/sync/testing/memory-remote';
import { LostLease } from '../lease';
import { SharedRight, type Among, type RunsNow } from './shared-right';

const START = Date.UTC(2027, 0, 15);
let now: Instant;
let shelf: Shelf;

beforeEach(() => {
  now = START;
  shelf = new Shelf();
});

/** A device whose tab holds the right; `ran`: when its runner began and ended. */
class Device {
  isOffline = false;
  isForced = false;
  isAlone = false;
  generation = 1;
  hasKey = true;
  isFull = false;
  isTabHeld = true;
  caughtUp: Result<void> = ok(undefined);
  catchUps = 0;
  whileCatchingUp: () => void = () => undefined;
  told: RunsNow | null = null;
  isRunning = false;
  readonly right: SharedRight;
  private timer: { at: Instant; work: () => void } | null = null;

  constructor(readonly name: string) {
    const held = (): boolean => this.isTabHeld;
    const tab = {
      get isHeld() {
        return held();
      },
      get isSure() {
        return held();
      },
      check: () => Promise.resolve(),
      confirm: () => Promise.resolve(),
      lost: () => {
        this.isTabHeld = false;
        this.right.tabLost();
      }
    };
    const timers = {
      after: (delay: number, work: () => void) => {
        const timer = { at: now + delay, work };
        this.timer = timer;
        return () => {
          if (this.timer === timer) this.timer = null;
        };
      }
    };
    this.right = new SharedRight(
      tab,
      { now: () => now, timers },
      {
        gained: () => (this.isRunning = true),
        lost: () => (this.isRunning = false),
        maySend: () => undefined
      }
    );
  }

  async share(): Promise<void> {
    const lease = new DeviceLease({
      remote: shelf.remote(() => (this.isOffline ? 'offline' : null)),
      seal: sealed(this.generation),
      device: this.name,
      now: () => now,
      silence: () => DEFAULT_SILENCE,
      fence: this.told?.fence ?? 0
    });
    const among: Among = {
      lease,
      device: this.name,
      isAlone: () => this.isAlone,
      hasKey: () => Promise.resolve(ok(this.hasKey)),
      isForced: () => Promise.resolve(this.isForced),
      taken: () => Promise.resolve(void (this.isForced = false)),
      catchUp: () => {
        this.catchUps += 1;
        this.whileCatchingUp();
        return Promise.resolve(this.caughtUp);
      },
      tell: (told) =>
        this.isFull
          ? Promise.reject(new StorageFailure('full', new DOMException('no', 'QuotaExceededError')))
          : Promise.resolve(void (this.told = told))
    };
    await this.right.share(among);
    await this.right.ask();
  }

  async due(): Promise<void> {
    if (this.timer === null || this.timer.at > now) return;
    this.timer = null;
    await this.right.ask();
  }

  get shown(): readonly [string | undefined, boolean, boolean] {
    return [this.told?.runs, this.right.isHeld && this.isRunning, this.right.maySend];
  }
}

/** Opens what was sealed in its generation. */
function sealed(generation: number): Seal {
  return {
    generation,
    seal: (_name, plain) => Promise.resolve(new Uint8Array([generation, ...plain])),
    open: (_name, bytes) =>
      Promise.resolve(bytes[0] === generation ? ok(bytes.slice(1)) : failed({ key: 'words.sync.not_opened' }))
  };
}

async function pass(time: number, ...devices: readonly Device[]): Promise<void> {
  for (let gone = 0; gone < time; gone += 15 * SECOND) {
    now += 15 * SECOND;
    for (const device of devices) await device.due();
  }
}

test('who shares with nobody needs the tab’s right alone', () => {
  const one = new Device('a');
  one.right.tabGained();
  expect(one.shown).toEqual([undefined, true, true]);
  one.right.lost();
  expect(one.shown).toEqual([undefined, false, true]);
});

test('the first device runs them, another waits and says who does', async () => {
  const [a, b] = [new Device('a'), new Device('b')];
  await a.share();
  await b.share();
  await pass(HOUR, a, b);
  expect(a.shown).toEqual(['here', true, true]);
  expect(b.shown).toEqual(['elsewhere', false, false]);
  expect(b.told?.holder).toBe('a');
});

test('runs nothing before it knows what others have told', async () => {
  const a = new Device('a');
  a.caughtUp = failed({ key: 'test.offline' });
  await a.share();
  expect(a.shown).toEqual(['starting', false, false]);
  a.caughtUp = ok(undefined);
  await pass(MINUTE, a);
  expect(a.shown).toEqual(['here', true, true]);
});

test('asks once more where it is asked to while it asks: its time may have ended in a sleep meanwhile', async () => {
  const a = new Device('a');
  a.whileCatchingUp = () => {
    now += HOUR;
    a.whileCatchingUp = () => undefined;
    void a.right.ask();
  };
  await a.share();
  expect(a.shown).toEqual(['here', true, true]);
});

test('a device that is taken over from stops before the other begins', async () => {
  const [a, b] = [new Device('a'), new Device('b')];
  await a.share();
  await b.share();
  await pass(20 * SECOND, a, b);
  b.isForced = true;
  await b.right.ask();
  expect(b.shown).toEqual(['starting', false, false]);
  expect(b.told?.startsAt).toBe(now + 130 * SECOND);
  for (let time = 0; time < 3 * MINUTE; time += 15 * SECOND) {
    await pass(15 * SECOND, a, b);
    expect([a.right.maySend, b.right.maySend]).not.toEqual([true, true]);
  }
  expect([a.shown[0], b.shown]).toEqual(['elsewhere', ['here', true, true]]);
  expect(b.isForced).toBe(false);
});

test('another takes over after silence; who comes back sends nothing', async () => {
  const [a, b] = [new Device('a'), new Device('b')];
  await a.share();
  await b.share();
  await pass(DEFAULT_SILENCE + 3 * MINUTE, b);
  expect(b.shown).toEqual(['here', true, true]);
  expect(a.shown).toEqual(['here', false, false]);
  await expect(a.right.check({} as never)).rejects.toThrow(LostLease);
  await pass(15 * SECOND, a, b);
  expect(a.shown).toEqual(['elsewhere', false, false]);
});

test('a device that is cut off sends nothing, goes on until its time ends, and then waits', async () => {
  const [a, b] = [new Device('a'), new Device('b')];
  await a.share();
  await b.share();
  a.isOffline = true;
  await pass(2 * MINUTE, a);
  expect(a.shown).toEqual(['here', true, false]);
  await pass(DEFAULT_SILENCE, a);
  expect(a.shown).toEqual(['apart', false, false]);
  a.isOffline = false;
  await pass(MINUTE, a);
  expect(a.shown).toEqual(['here', true, true]);
});

test('what waited leaves once the remote has answered again, with no other device in between', async () => {
  const a = new Device('a');
  await a.share();
  a.isOffline = true;
  await pass(3 * MINUTE, a);
  a.isOffline = false;
  await pass(MINUTE, a);
  expect(a.shown).toEqual(['here', true, true]);
  expect(a.catchUps).toBe(1);
});

test('a device with no other goes on though the remote cannot be asked', async () => {
  const a = new Device('a');
  a.isAlone = true;
  a.isOffline = true;
  await a.share();
  expect(a.shown).toEqual(['alone', true, true]);
  a.isOffline = false;
  await pass(MINUTE, a);
  expect(a.shown).toEqual(['here', true, true]);
  expect(a.catchUps).toBe(0);
});

test('by the user’s word they run here without the remote; then it is this device’s, after the other has stopped', async () => {
  const [a, b] = [new Device('a'), new Device('b')];
  await a.share();
  b.isOffline = true;
  await b.share();
  expect(b.shown).toEqual(['apart', false, false]);
  b.isForced = true;
  await b.right.ask();
  expect(b.shown).toEqual(['forced', true, true]);
  b.isOffline = false;
  await pass(MINUTE, a, b);
  expect(b.shown).toEqual(['starting', false, false]);
  await pass(3 * MINUTE, a, b);
  expect([a.shown[0], b.shown]).toEqual(['elsewhere', ['here', true, true]]);
});

test('nothing runs while keys are locked; another device may go on at once', async () => {
  const [a, b] = [new Device('a'), new Device('b')];
  await a.share();
  await b.share();
  await a.right.share('locked');
  expect(a.right.isHeld || a.isRunning).toBe(false);
  await pass(MINUTE, b);
  expect(b.shown).toEqual(['here', true, true]);
});

test('who leaves goes on alone, and lets the others go on', async () => {
  const [a, b] = [new Device('a'), new Device('b')];
  await a.share();
  await b.share();
  await a.right.share(null);
  expect([a.right.isHeld, a.isRunning]).toEqual([true, true]);
  await pass(MINUTE, b);
  expect(b.shown).toEqual(['here', true, true]);
});

test('a tab that has lost its part of the right stops, and does not ask', async () => {
  const a = new Device('a');
  await a.share();
  a.right.lost();
  expect([a.isTabHeld, a.isRunning]).toEqual([false, false]);
  a.isTabHeld = true;
  a.right.tabGained();
  await a.right.ask();
  expect(a.shown).toEqual(['here', true, true]);
});

test('once a device is revoked, whoever has the new key goes on after it has stopped, and none that has not', async () => {
  const [lost, laptop, phone] = [new Device('lost'), new Device('laptop'), new Device('phone')];
  for (const device of [lost, laptop, phone]) await device.share();
  await pass(MINUTE, lost, laptop, phone);
  expect([lost.shown, laptop.told?.holder]).toEqual([['here', true, true], 'lost']);
  // The laptop has changed the key; neither of the others knows it.
  for (const device of [lost, phone]) device.hasKey = false;
  laptop.generation = 2;
  await laptop.share();
  expect(laptop.shown).toEqual(['starting', false, false]);
  for (let gone = 0; gone < 20; gone++) {
    await pass(15 * SECOND, lost, laptop, phone);
    expect([lost, laptop].filter(({ right }) => right.maySend && right.isHeld).length).toBeLessThan(2);
    expect(phone.right.isHeld).toBe(false);
  }
  expect([laptop, lost, phone].map(({ shown }) => shown)).toEqual([
    ['here', true, true],
    ['apart', false, false],
    ['apart', false, false]
  ]);
  // With the key, the phone sees whose it is.
  phone.hasKey = true;
  phone.generation = 2;
  await phone.share();
  expect([phone.shown, phone.told?.holder]).toEqual([['elsewhere', false, false], 'laptop']);
});

test('a full disk, on which nothing can be written down, is said, and the remote is asked again all the same', async () => {
  const [one, other] = [new Device('a'), new Device('b')];
  await one.share();
  await other.share();
  other.isFull = true;
  await pass(2 * MINUTE, one, other);
  expect(other.right.problem).toEqual({ key: 'words.storage.full' });
  other.isFull = false;
  await pass(2 * MINUTE, one, other);
  expect(other.right.problem).toBeNull();
  expect(one.right.problem).toBeNull();
  expect(other.told).toMatchObject({ runs: 'elsewhere', holder: 'a' });
  await pass(DEFAULT_SILENCE + 5 * MINUTE, other);
  expect(other.shown).toEqual(['here', true, true]);
});

test('a clock that was ahead when the right was taken by hand, and is set right, puts nothing off by more than the notice', async () => {
  const [one, other] = [new Device('a'), new Device('b')];
  await one.share();
  await other.share();
  now += 400 * DAY;
  await one.right.ask();
  await other.right.ask();
  other.isForced = true;
  await other.right.ask();
  expect(other.shown).toEqual(['starting', false, false]);
  now -= 400 * DAY;
  await other.right.ask();
  await pass(4 * MINUTE, other);
  expect(other.shown).toEqual(['here', true, true]);
});

test('a clock that is set back lets nothing leave until the remote has said anew whose the right is', async () => {
  const [one, other] = [new Device('a'), new Device('b')];
  await one.share();
  await other.share();
  now += 4 * MINUTE;
  await one.right.ask();
  expect(one.shown).toEqual(['here', true, true]);
  one.isOffline = true;
  now -= 3 * MINUTE;
  expect(one.right.maySend).toBe(false);
  one.isOffline = false;
  await one.right.ask();
  expect(one.right.maySend).toBe(true);
});
