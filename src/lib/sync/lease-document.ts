import * as v from 'valibot';
import { MINUTE, type Instant, type Milliseconds } from '$lib/core/instants';
import { LARGEST_DRIFT } from './clock';

/**
 * Who of a user's devices runs the journeys, as it lies on the remote. `holder`: null once it was given back. `fence` rises each time
 * that it is taken, never when it is renewed. `until`: when its holder stops unless it renews it, in epoch ms by the holder's clock.
 * `silence`: how long it may go without being renewed, in ms.
 */
export interface LeaseDocument {
  readonly version: 1;
  readonly holder: string | null;
  readonly fence: number;
  readonly until: Instant;
  readonly silence: Milliseconds;
}

export const DEFAULT_SILENCE: Milliseconds = 15 * MINUTE;

/**
 * How much longer than the silence others wait: for a call that is on its way when its holder's time ends, and for clocks that do not
 * go at one speed.
 */
export const MARGIN: Milliseconds = MINUTE;

const whole = v.pipe(v.number(), v.safeInteger());

/** What is read from the remote. Anything else was written by a newer version of the app. */
export const leaseSchema: v.GenericSchema<unknown, LeaseDocument> = v.object({
  version: v.literal(1),
  holder: v.nullable(v.pipe(v.string(), v.regex(/^[0-9a-z]{1,50}$/))),
  fence: v.pipe(whole, v.minValue(1)),
  until: whole,
  silence: v.pipe(whole, v.minValue(MINUTE), v.maxValue(24 * 60 * MINUTE))
});

/** What another device has seen of it: the same revision in each look, the last one `at`, by its own clock; for so long, in ms. */
export interface Watch {
  readonly revision: string;
  readonly at: Instant;
  readonly seen: Milliseconds;
}

/** So much one look can add to another, in ms: who watches looks each minute. More was a sleep, or a clock that was set. */
const LONGEST_GAP: Milliseconds = 2 * MINUTE;

/** The same revision is seen for longer, or another one from now on. A clock that was set adds what one look can, or nothing. */
export function watched(before: Watch | null, revision: string, now: Instant): Watch {
  if (before?.revision !== revision) return { revision, at: now, seen: 0 };
  return { revision, at: now, seen: before.seen + Math.min(Math.max(0, now - before.at), LONGEST_GAP) };
}

/**
 * Whether the device may take the lease without being told to. It was given back; or nobody has renewed it for as long as its holder
 * may be silent, which the device has watched all the time, however wrong its clock is; or its end is long past, as when a device comes
 * back after a week: then it is enough to watch for half the silence that nobody renews it, which a holder who lives does each third.
 */
export function mayClaim(lease: LeaseDocument | null, watch: Watch | null, device: string, now: Instant): boolean {
  if (lease === null || lease.holder === null || lease.holder === device) return true;
  if (watch === null) return false;
  if (watch.seen >= lease.silence + MARGIN) return true;
  return now >= lease.until + LARGEST_DRIFT + MARGIN && watch.seen >= lease.silence / 2;
}

/**
 * What the device writes over `lease` to take it, by right (`mayClaim`) or because the user says so. `least`: the greatest fence that
 * the device has seen, so that an older lease that somebody puts back makes nobody's number rise twice.
 */
export function claimed(
  lease: LeaseDocument | null,
  {
    device,
    now,
    silence,
    least
  }: { readonly device: string; readonly now: Instant; readonly silence: Milliseconds; readonly least: number }
): LeaseDocument {
  return { version: 1, holder: device, fence: Math.max(lease?.fence ?? 0, least) + 1, until: now + silence, silence };
}

/** Whether it is as its holder has written it: not where it is another's by now, or was taken since under another number. */
export function isIts(lease: LeaseDocument | null, device: string, fence: number): lease is LeaseDocument {
  return lease?.holder === device && lease.fence === fence;
}

/** What its holder writes to keep it. */
export function renewed(lease: LeaseDocument, now: Instant, silence: Milliseconds): LeaseDocument {
  return { ...lease, until: now + silence, silence };
}

/** What its holder writes so that another may go on at once; null where it is another's by now. */
export function released(lease: LeaseDocument | null, device: string, fence: number): LeaseDocument | null {
  return isIts(lease, device, fence) ? { ...lease, holder: null } : null;
}

/** What a holder knows of its right: since when, by its own clock, taken before the lease was written. */
export interface Tenure {
  readonly fence: number;
  readonly since: Instant;
  readonly silence: Milliseconds;
}

/** Whether it still is the holder's. A clock that was set back says nothing: it must be confirmed. */
export function isHeld({ since, silence }: Tenure, now: Instant): boolean {
  return now >= since && now < since + silence;
}

/** Whether it must be renewed before anything is sent: it is older than a third of the silence, or the clock was set back. */
export function isDue({ since, silence }: Tenure, now: Instant): boolean {
  return now < since || now - since >= silence / 3;
}
