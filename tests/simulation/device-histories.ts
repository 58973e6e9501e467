import assert from 'node:assert/strict';
import fc from 'fast-check';
import { DAY, MINUTE } from '$lib/core/instants';
import { Shelf } from '$lib/sync/testing/memory-remote';
import { anyDeed, done, type Deed } from './device-deeds';
import { comeToRest, SimulatedDevice, type Place } from './devices';
import { Post } from './post';

type Clocks = readonly number[];
type Deeds = readonly (readonly [number, Deed])[];

/** How far the clocks of two to four devices are ahead, and what happens to which of them. */
const deeds = fc.array(fc.tuple(fc.nat(3), anyDeed), { minLength: 10, maxLength: 50 });
const clocks = fc.array(fc.constantFrom(0, 0, 3 * MINUTE, -2 * MINUTE, -400 * DAY, 400 * DAY), {
  minLength: 2,
  maxLength: 4
});

/** Whatever happens, once all are in touch again all that is promised holds. */
export function devicesAgree(): fc.IAsyncProperty<[Clocks, Deeds]> {
  return fc.asyncProperty(clocks, deeds, agreeAfter);
}

async function agreeAfter(skews: Clocks, history: Deeds): Promise<void> {
  const place: Place = { shelf: new Shelf(), post: new Post(), devices: [], sentUnder: 0 };
  const { devices } = place;
  devices.push(...skews.map((skew, at) => new SimulatedDevice(`d${at}`, place, skew)));
  for (const device of devices) await device.begin(device === devices[0]);
  const erased = await happen(place, history);
  await comeToRest(devices);
  for (const device of devices) device.close();
  await mustHold(place, erased, skews.some((skew) => Math.abs(skew) > DAY)); // prettier-ignore
}

/** Returns the addresses that were erased. */
async function happen(place: Place, history: Deeds): Promise<ReadonlySet<string>> {
  const { devices } = place;
  const erased = new Set<string>();
  let signUps = 0;
  for (const [at, deed] of history) {
    const device = devices[at % devices.length] as SimulatedDevice;
    for (const one of devices) one.pass(deed.does === 'pass' ? deed.days * DAY : MINUTE);
    if (deed.does === 'signUp') await device.signUp(`p${++signUps}`, `p${deed.who}@exemple.fr`);
    else if (deed.does === 'erase') for (const { email } of await device.erase(deed.whom)) erased.add(email);
    else await done(device, deed, place);
  }
  return erased;
}

async function mustHold({ post, devices }: Place, erased: ReadonlySet<string>, isYearOff: boolean): Promise<void> {
  const [shown, ...others] = await Promise.all(devices.map((device) => device.shown()));
  for (const other of others) assert.deepEqual(other, shown, 'all devices show the same');
  const people = (await devices[0]?.rows('contacts')) ?? [];
  const ids = new Set(people.map(({ id }) => id));
  const behind = people.filter(({ mergedInto }) => mergedInto !== undefined && !ids.has(mergedInto));
  assert.deepEqual(behind, [], 'nobody stays behind one who is gone');
  // Who was erased and signs up again is somebody else.
  const wrong = post.wrong.filter((each) => ![...erased].some((email) => each.startsWith(email)));
  assert.deepEqual(wrong, [], 'nothing is sent twice, or without the right');
  const runs = devices.map((device) => device.runs).sort();
  assert.deepEqual(runs, [...devices.slice(1).map(() => 'elsewhere'), 'here'], 'one runs the journeys');
  // What a clock has put off by a year comes in a year.
  if (isYearOff) return;
  const written = new Set(post.accepted.map(({ email }) => email));
  const unwritten = people.filter(({ email = '', mergedInto }) => mergedInto === undefined && !written.has(email));
  assert.deepEqual(unwritten, [], 'nobody is left out');
}
