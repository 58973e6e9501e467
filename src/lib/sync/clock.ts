import { MINUTE, type Instant, type Milliseconds } from '$lib/core/instants';

/**
 * When something was written, and by which device: a hybrid logical clock (Kulkarni et al., 'Logical Physical Clocks', 2014) as text.
 * Stamps are ordered as texts: by time, then by a count within the millisecond, then by device. What was written with another stamp in
 * sight has a greater one, whatever the clocks of the two devices say.
 */
export type Stamp = string;

const TIME = 9;
const COUNT = 4;
const LARGEST_COUNT = 36 ** COUNT - 1;

/** How far ahead of the clock a stamp may be. A device that is further off is told, and stamps anew what it has not sent. */
export const LARGEST_DRIFT: Milliseconds = 5 * MINUTE;

/**
 * The stamp of what `device` writes at `now`, an instant in epoch ms from 1970 on. `greatest` is the greatest stamp that the device has
 * given or seen: the whole state of its clock. `device` is of the letters and digits that base 36 has, at least one.
 */
export function stampAt(greatest: Stamp | null, now: Instant, device: string): Stamp {
  const before = greatest === null ? -1 : timeOf(greatest);
  if (greatest === null || now > before) return stampOf(now, 0, device);
  const count = countOf(greatest) + 1;
  return count > LARGEST_COUNT ? stampOf(before + 1, 0, device) : stampOf(before, count, device);
}

/** The instant that a stamp was given, by the clock of its device, in epoch ms. */
export function timeOf(stamp: Stamp): Instant {
  return Number.parseInt(stamp.slice(0, TIME), 36);
}

export function deviceOf(stamp: Stamp): string {
  return stamp.slice(TIME + COUNT);
}

/** The greater of two. */
export function latest(one: Stamp | null, other: Stamp | null): Stamp | null {
  if (one === null || other === null) return one ?? other;
  return one > other ? one : other;
}

/** Whether a stamp says a time that is not to be believed at `now`, an instant in epoch ms. */
export function isAhead(stamp: Stamp, now: Instant): boolean {
  return timeOf(stamp) > now + LARGEST_DRIFT;
}

/**
 * New stamps for what a device whose clock was ahead has written and not sent yet: those that are too far ahead of `now` (an instant in
 * epoch ms by a clock that is right) are given anew, in the order in which they were given. The others stay. `givenBy`: the device that
 * gives a stamp of that device anew.
 */
export function restamped(
  unsent: readonly Stamp[],
  now: Instant,
  givenBy = (device: string): string => device
): ReadonlyMap<Stamp, Stamp> {
  const anew = new Map<Stamp, Stamp>();
  let greatest: Stamp | null = null;
  for (const stamp of [...unsent].sort()) {
    const given: Stamp = isAhead(stamp, now) ? stampAt(greatest, now, givenBy(deviceOf(stamp))) : stamp;
    anew.set(stamp, given);
    greatest = latest(greatest, given);
  }
  return anew;
}

function countOf(stamp: Stamp): number {
  return Number.parseInt(stamp.slice(TIME, TIME + COUNT), 36);
}

function stampOf(time: Instant, count: number, device: string): Stamp {
  return time.toString(36).padStart(TIME, '0') + count.toString(36).padStart(COUNT, '0') + device;
}
