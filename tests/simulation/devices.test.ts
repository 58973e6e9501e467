import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DAY, MINUTE } from '$lib/core/instants';
import { Shelf } from '$lib/sync/testing/memory-remote';
import { comeToRest, Post, SimulatedDevice } from './devices';

const nth = (count: number) => fc.nat(count - 1);

type Deed =
  | { readonly does: 'pass'; readonly days: number }
  | { readonly does: 'signUp'; readonly who: number }
  | { readonly does: 'edit' | 'erase'; readonly whom: number }
  | { readonly does: 'sync' | 'cut' | 'look' | 'handOver' | 'remember' | 'restore' };

const deed: fc.Arbitrary<Deed> = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(0.02, 0.1, 1, 90).map((days): Deed => ({ does: 'pass', days })) },
  { weight: 4, arbitrary: nth(4).map((who): Deed => ({ does: 'signUp', who })) },
  { weight: 3, arbitrary: nth(3).map((whom): Deed => ({ does: 'edit', whom })) },
  { weight: 1, arbitrary: nth(3).map((whom): Deed => ({ does: 'erase', whom })) },
  { weight: 6, arbitrary: fc.constant<Deed>({ does: 'sync' }) },
  { weight: 4, arbitrary: fc.constant<Deed>({ does: 'look' }) },
  {
    weight: 4,
    arbitrary: fc.constantFrom('cut', 'handOver', 'remember', 'restore').map((does): Deed => ({ does }))
  }
);

test('devices that are cut off, set back, or come back after months are equal in the end, and each email leaves once', async () => {
  const steps = fc.array(fc.tuple(nth(4), deed), { minLength: 10, maxLength: 50 });
  const skews = fc.array(fc.constantFrom(0, 0, 3 * MINUTE, -2 * MINUTE, -400 * DAY, 400 * DAY), {
    minLength: 2,
    maxLength: 4
  });
  await fc.assert(
    fc.asyncProperty(skews, steps, async (clocks, deeds) => {
      const shelf = new Shelf();
      const post = new Post();
      const devices = clocks.map((skew, at) => new SimulatedDevice(`d${at}`, shelf, post, skew));
      const [first] = devices as [SimulatedDevice];
      for (const device of devices) {
        await device.begin(device === first);
        await device.sync();
      }
      await first.hold();
      let holder = first;
      let signUps = 0;
      const erased: { id: string; email: string }[] = [];
      for (const [at, done] of deeds) {
        const device = devices[at % devices.length] as SimulatedDevice;
        for (const one of devices) one.pass(done.does === 'pass' ? done.days * DAY : MINUTE);
        if (done.does === 'signUp') await device.signUp(`p${++signUps}`, `p${done.who}@exemple.fr`);
        else if (done.does === 'edit') await device.edit(done.whom, `v${signUps}`);
        else if (done.does === 'erase') erased.push(...[await device.erase(done.whom)].flatMap((one) => one ?? []));
        else if (done.does === 'sync') await device.sync();
        else if (done.does === 'cut') device.isOnline = !device.isOnline;
        else if (done.does === 'look') await holder.look();
        else if (done.does === 'remember') await device.remember();
        else if (done.does === 'restore') await device.restore();
        else if (done.does === 'handOver' && device !== holder && device.isOnline && (await holder.release())) {
          await device.sync();
          holder = device;
          await holder.hold();
        }
      }
      await comeToRest(devices);
      const [shown, ...others] = await Promise.all(devices.map((device) => device.shown()));
      for (const other of others) expect(other).toEqual(shown);
      const anew = new Set(erased.map(({ email }) => email));
      const addresses = [...post.accepted.values()].filter((email) => !anew.has(email));
      expect(addresses).toHaveLength(new Set(addresses).size);
      for (const device of devices) device.close();
    }),
    process.env.PROPERTY_RUNS ? {} : { numRuns: 12 }
  );
});
