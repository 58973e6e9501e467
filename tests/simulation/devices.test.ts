import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DAY, MINUTE } from '$lib/core/instants';
import { Shelf } from '$lib/sync/testing/memory-remote';
import { anyDeed, done } from './device-deeds';
import { comeToRest, SimulatedDevice, type Place } from './devices';
import { Post } from './post';

test('devices that are cut off, asleep, set back, or come back after months are equal in the end; one at a time runs the journeys, nothing leaves twice, and nothing is stuck', async () => {
  const steps = fc.array(fc.tuple(fc.nat(3), anyDeed), { minLength: 10, maxLength: 50 });
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
      const people = (await devices[0]?.rows('contacts')) ?? [];
      const ids = new Set(people.map(({ id }) => id));
      expect(people.filter(({ mergedInto }) => mergedInto !== undefined && !ids.has(mergedInto))).toEqual([]);
      expect(post.wrong.filter((each) => ![...erased].some((email) => each.startsWith(email)))).toEqual([]);
      expect(devices.map(({ runs }) => runs).sort()).toEqual([...devices.slice(1).map(() => 'elsewhere'), 'here']);
      // What a clock has put off by a year comes in a year.
      if (clocks.some((skew) => Math.abs(skew) > DAY)) return;
      const written = new Set(post.accepted.map(({ email }) => email));
      const unwritten = people.filter(({ email = '', mergedInto }) => mergedInto === undefined && !written.has(email));
      expect(unwritten.map(({ id }) => id)).toEqual([]);
    }),
    process.env.PROPERTY_RUNS ? {} : { numRuns: 12 }
  );
});
