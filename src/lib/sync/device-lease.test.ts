import fc from 'fast-check';
import { beforeEach, expect, test } from 'vitest';
import { DAY, HOUR, MINUTE, SECOND, type Instant } from '$lib/core/instants';
import { failed, ok } from '$lib/core/result';
import { DeviceLease } from './device-lease';
import { DEFAULT_SILENCE, MARGIN } from './lease-document';
import type { Remote } from './remote';
import type { Seal } from './seal';

type Fault = 'offline' | 'unanswered' | null;

const START = Date.UTC(2027, 0, 15);

/** The one document that all of them share. */
let kept: { readonly bytes: Uint8Array; readonly revision: string } | null;
let now: Instant;

beforeEach(() => {
  kept = null;
  now = START;
});

const seal: Seal = {
  generation: 1,
  seal: (_name, plain) => Promise.resolve(plain),
  open: (_name, bytes) => Promise.resolve(ok(bytes))
};

/** Opens what it has sealed itself. */
function keyed(key: string): Seal {
  const mark = new TextEncoder().encode(key);
  return {
    generation: 2,
    seal: (_name, plain) => Promise.resolve(new Uint8Array([...mark, ...plain])),
    open: (_name, bytes) =>
      Promise.resolve(
        mark.every((byte, at) => bytes[at] === byte)
          ? ok(bytes.slice(mark.length))
          : failed({ key: 'words.sync.not_opened' })
      )
  };
}

class Device {
  fault: Fault = null;
  readonly lease: DeviceLease;

  /** `skew`: how far its clock is ahead, in ms. */
  constructor(
    name: string,
    public skew = 0,
    its = seal
  ) {
    this.lease = new DeviceLease({
      remote: this.remote(),
      seal: its,
      device: name,
      now: () => now + this.skew,
      silence: () => DEFAULT_SILENCE
    });
  }

  private remote(): Pick<Remote, 'read' | 'write'> {
    const offline = failed({ key: 'test.offline' });
    const write: Remote['write'] = (_name, bytes, over) => {
      if (this.fault === 'offline') return Promise.resolve(offline);
      const isConflict = (kept?.revision ?? null) !== over;
      const revision = String(Number(over ?? 0) + 1);
      if (!isConflict) kept = { bytes, revision };
      if (this.fault === 'unanswered') return Promise.resolve(failed({ key: 'test.unanswered' }));
      return Promise.resolve(ok(isConflict ? 'conflict' : { revision }));
    };
    return { read: () => Promise.resolve(this.fault === 'offline' ? offline : ok(kept)), write };
  }
}

/** So long it looks each minute. */
async function watch({ lease }: Device, time: number): Promise<void> {
  for (let gone = 0; gone < time; gone += MINUTE) {
    now += MINUTE;
    await lease.keep();
  }
}

const held = (...devices: readonly Device[]): readonly (number | null)[] => devices.map(({ lease }) => lease.held);

test('the first device takes it and keeps it; another does not get it meanwhile', async () => {
  const [a, b] = [new Device('a'), new Device('b')];
  for (let minute = 0; minute < 60; minute++) {
    await a.lease.keep();
    await b.lease.keep();
    expect(held(a, b)).toEqual([1, null]);
    now += MINUTE;
  }
});

test('a holder that cannot reach the remote stops by its own clock, before another takes over', async () => {
  const [a, b] = [new Device('a'), new Device('b')];
  await a.lease.keep();
  a.fault = 'offline';
  await b.lease.keep();
  await watch(b, DEFAULT_SILENCE - MINUTE);
  expect(held(a, b)).toEqual([1, null]);
  await watch(b, MINUTE);
  expect(held(a, b)).toEqual([null, null]);
  await watch(b, MARGIN);
  expect(held(a, b)).toEqual([null, 2]);
  a.fault = null;
  expect(await a.lease.keep()).toEqual(ok(null));
});

test('what was given back is taken at once', async () => {
  const [a, b] = [new Device('a'), new Device('b')];
  await a.lease.keep();
  await b.lease.keep();
  expect(await a.lease.handOver()).toEqual(ok(undefined));
  expect(await b.lease.keep()).toEqual(ok(2));
  expect(held(a, b)).toEqual([null, 2]);
});

test('a device that hands over while the remote is away runs nothing all the same', async () => {
  const a = new Device('a');
  await a.lease.keep();
  a.fault = 'offline';
  expect((await a.lease.handOver()).ok).toBe(false);
  expect(a.lease.held).toBeNull();
});

test('one that was taken over by hand notices when it renews, and gives way', async () => {
  const [a, b] = [new Device('a'), new Device('b')];
  await a.lease.keep();
  expect(await b.lease.takeOver()).toEqual(ok(2));
  now += DEFAULT_SILENCE / 3;
  expect(await a.lease.keep()).toEqual(ok(null));
  expect(held(a, b)).toEqual([null, 2]);
});

test('an answer that was lost costs a number, not the lease', async () => {
  const a = new Device('a');
  a.fault = 'unanswered';
  await a.lease.keep();
  expect(a.lease.held).toBeNull();
  a.fault = null;
  expect(await a.lease.keep()).toEqual(ok(2));
});

test('after a week in which nobody ran, half the silence is enough', async () => {
  const a = new Device('a');
  await a.lease.keep();
  now += 7 * DAY;
  const b = new Device('b');
  expect(await b.lease.keep()).toEqual(ok(null));
  await watch(b, DEFAULT_SILENCE / 2);
  expect(b.lease.held).toBe(2);
});

test('who has slept, or whose clock was set, has not watched meanwhile: it takes nothing from one that lives', async () => {
  const [a, b] = [new Device('a'), new Device('b')];
  await a.lease.keep();
  await b.lease.keep();
  b.skew = 400 * DAY;
  expect(await b.lease.keep()).toEqual(ok(null));
  await watch(b, 5 * MINUTE);
  b.skew = 0;
  expect(await b.lease.keep()).toEqual(ok(null));
  expect(held(a, b)).toEqual([1, null]);
});

test('a device whose clock is a year ahead takes nothing from one that lives', async () => {
  const [a, b] = [new Device('a'), new Device('b', 365 * DAY)];
  for (let minute = 0; minute < 60; minute++) {
    await a.lease.keep();
    await b.lease.keep();
    now += MINUTE;
  }
  expect(held(a, b)).toEqual([1, null]);
});

test('a lease of before that somebody puts back is refused', async () => {
  const [a, b] = [new Device('a'), new Device('b')];
  await a.lease.keep();
  const before = kept;
  await b.lease.takeOver();
  await b.lease.handOver();
  await a.lease.takeOver();
  kept = before;
  expect((await b.lease.takeOver()).ok).toBe(false);
  kept = { bytes: new TextEncoder().encode('{"version":2}'), revision: '9' };
  expect((await b.lease.takeOver()).ok).toBe(false);
  expect(b.lease.held).toBeNull();
});

test('never two at once, whatever the clocks say, whoever is away and whichever answers are lost', async () => {
  const skew = fc.oneof(fc.integer({ min: -5 * MINUTE, max: 5 * MINUTE }), fc.constantFrom(-2 * MINUTE, 3 * MINUTE));
  const step = fc.record({
    by: fc.nat({ max: 2 }),
    after: fc.oneof(fc.integer({ min: 0, max: 6 * MINUTE }), fc.constantFrom(0, MINUTE, MINUTE, 16 * MINUTE, HOUR)),
    fault: fc.constantFrom<Fault>(null, null, null, 'offline', 'unanswered'),
    does: fc.constantFrom('keep', 'keep', 'keep', 'keep', 'handOver'),
    // A clock that is set forward, for good.
    jumps: fc.constantFrom(0, 0, 0, 0, 0, 20 * MINUTE, 400 * DAY)
  });
  await fc.assert(
    fc.asyncProperty(fc.tuple(skew, skew, skew), fc.array(step, { maxLength: 60 }), async (skews, steps) => {
      kept = null;
      now = START;
      let last = 0;
      const devices = skews.map((each, at) => new Device(`d${at}`, Math.trunc(each / 2)));
      for (const { by, after, fault, does, jumps } of steps) {
        now += after;
        const device = devices[by];
        if (device === undefined) continue;
        device.fault = fault;
        device.skew += jumps;
        await (does === 'keep' ? device.lease.keep() : device.lease.handOver());
        const holding = held(...devices).filter((fence) => fence !== null);
        expect(holding.length).toBeLessThanOrEqual(1);
        if (holding[0] !== undefined) {
          expect(holding[0]).toBeGreaterThanOrEqual(last);
          last = holding[0];
        }
        now += SECOND;
      }
    }),
    { numRuns: 300 }
  );
});

test('under another key of the remote it is not kept; whoever has that key takes it over', async () => {
  const [a, b] = [new Device('a', 0, keyed('old')), new Device('b', 0, keyed('new'))];
  await a.lease.keep();
  expect(await b.lease.keep()).toMatchObject({ ok: false, reason: { key: 'words.sync.not_opened' } });
  expect([b.lease.isSealed, b.lease.held]).toEqual([true, null]);
  expect(await b.lease.takeOver()).toEqual(ok(1));
  expect(b.lease.isSealed).toBe(false);
  now += MINUTE;
  // What it believed holds until its time ends, and is not confirmed.
  const confirmed = a.lease.confirmedAt;
  expect(await a.lease.keep()).toMatchObject({ ok: false });
  expect([a.lease.held, a.lease.confirmedAt]).toEqual([1, confirmed]);
  now += DEFAULT_SILENCE;
  expect(held(a, b)).toEqual([null, null]);
  expect([await a.lease.handOver(), await b.lease.keep()]).toEqual([ok(undefined), ok(1)]);
});
