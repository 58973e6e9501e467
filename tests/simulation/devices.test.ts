import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DAY, MINUTE, SECOND } from '$lib/core/instants';
import { Shelf } from '$lib/sync/testing/memory-remote';
import { comeToRest, liveTogether, SimulatedDevice, type Place } from './devices';
import { Post } from './post';

const nth = (count: number) => fc.nat(count - 1);

type Deed =
  | { readonly does: 'pass'; readonly days: number }
  | { readonly does: 'signUp'; readonly who: number }
  | { readonly does: 'edit' | 'erase'; readonly whom: number }
  | { readonly does: 'live'; readonly minutes: number }
  | { readonly does: 'sync' | 'cut' | 'sleep' | 'look' | 'runHere' | 'reopen' | 'remember' | 'restore' };

const deed: fc.Arbitrary<Deed> = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(0.02, 0.1, 1, 90).map((days): Deed => ({ does: 'pass', days })) },
  { weight: 4, arbitrary: nth(4).map((who): Deed => ({ does: 'signUp', who })) },
  { weight: 3, arbitrary: nth(3).map((whom): Deed => ({ does: 'edit', whom })) },
  { weight: 1, arbitrary: nth(3).map((whom): Deed => ({ does: 'erase', whom })) },
  { weight: 4, arbitrary: fc.constantFrom(2, 6, 20).map((minutes): Deed => ({ does: 'live', minutes })) },
  { weight: 6, arbitrary: fc.constant<Deed>({ does: 'sync' }) },
  { weight: 4, arbitrary: fc.constant<Deed>({ does: 'look' }) },
  {
    weight: 6,
    arbitrary: fc.constantFrom('cut', 'cut', 'sleep', 'runHere', 'reopen', 'remember', 'restore').map((does): Deed => ({ does })) // prettier-ignore
  }
);

export async function done(device: SimulatedDevice, deed: Deed, { devices }: Place): Promise<void> {
  if (deed.does === 'edit') await device.edit(deed.whom, `v${deed.whom}`);
  else if (deed.does === 'live')
    await liveTogether(devices, deed.minutes * MINUTE, deed.minutes > 2 ? MINUTE : 20 * SECOND); // prettier-ignore
  else if (deed.does === 'sync') await device.sync();
  else if (deed.does === 'cut') device.isOnline = !device.isOnline;
  else if (deed.does === 'sleep') device.isAwake = !device.isAwake;
  else if (deed.does === 'look') await device.live();
  else if (deed.does === 'runHere') await device.runHere();
  else if (deed.does === 'reopen') await device.reopen();
  else if (deed.does === 'remember') await device.remember();
  else if (deed.does === 'restore') await device.restore();
}

test('devices that are cut off, asleep, set back, or come back after months are equal in the end; one at a time runs the journeys, nothing leaves twice, and nothing is stuck', async () => {
  const steps = fc.array(fc.tuple(nth(4), deed), { minLength: 10, maxLength: 50 });
  const skews = fc.array(fc.constantFrom(0, 0, 3 * MINUTE, -2 * MINUTE, -400 * DAY, 400 * DAY), {
    minLength: 2,
    maxLength: 4
  });
  await fc.assert(
    fc.asyncProperty(skews, steps, async (clocks, deeds) => {
      const place: Place = { shelf: new Shelf(), post: new Post(), devices: [], sentUnder: 0 };
      const { post, devices } = place;
      devices.push(...clocks.map((skew, at) => new SimulatedDevice(`d${at}`, place, skew)));
      for (const device of devices) await device.begin(device === devices[0]);
      let signUps = 0;
      const erased = new Set<string>();
      for (const [at, each] of deeds) {
        const device = devices[at % devices.length] as SimulatedDevice;
        for (const one of devices) one.pass(each.does === 'pass' ? each.days * DAY : MINUTE);
        if (each.does === 'signUp') await device.signUp(`p${++signUps}`, `p${each.who}@exemple.fr`);
        else if (each.does === 'erase') for (const { email } of await device.erase(each.whom)) erased.add(email);
        else await done(device, each, place);
      }
      await comeToRest(devices);
      for (const device of devices) device.close();
      const [shown, ...others] = await Promise.all(devices.map((device) => device.shown()));
      for (const other of others) expect(other).toEqual(shown);
      const ids = new Set((await devices[0]?.rows('contacts'))?.map(({ id }) => id));
      const behind = ((await devices[0]?.rows('contacts')) ?? []).flatMap(({ mergedInto }) => mergedInto ?? []);
      expect(behind.filter((id) => !ids.has(id))).toEqual([]);
      expect(post.wrong.filter((each) => ![...erased].some((email) => each.startsWith(email)))).toEqual([]);
      expect(devices.map(({ runs }) => runs).sort()).toEqual([...devices.slice(1).map(() => 'elsewhere'), 'here']);
      // What a clock has put off by a year comes in a year.
      if (clocks.some((skew) => Math.abs(skew) > DAY)) return;
      const people = (await devices[0]?.rows('contacts')) ?? [];
      const written = new Set(post.accepted.map(({ email }) => email));
      const unwritten = people.filter(({ email = '', mergedInto }) => mergedInto === undefined && !written.has(email));
      expect(unwritten.map(({ id }) => id)).toEqual([]);
    }),
    process.env.REPLAY_SEED
      ? { seed: Number(process.env.REPLAY_SEED), path: process.env.REPLAY_PATH, endOnFailure: true }
      : process.env.PROPERTY_RUNS
        ? {}
        : { numRuns: 12 }
  );
});
