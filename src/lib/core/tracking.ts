import * as v from 'valibot';

/*
 * How the tracker on the user's own site and the app speak: what it posts to the inbox, as text/plain JSON of at most 64 KiB, which is
 * what a beacon may carry. Anyone may post there: all of it is data, and its sizes are bounded.
 */

export const TRACKER_VERSION = 1;
/** Query parameter of links in emails that says whose email it was; the tracker takes it off the address. */
export const LINK_PARAMETER = 'rc';

/** What a visitor did. */
export const TRACKED = ['page', 'session', 'identify', 'track', 'cart', 'order'] as const;
export type Tracked = (typeof TRACKED)[number];

/** `id`, `visitor`: random. `at`: epoch ms by the clock of the visitor's device. `data`: what was given to the call. */
export const trackedEvent = v.object({
  id: v.pipe(v.string(), v.regex(/^[\w-]{8,64}$/)),
  type: v.picklist(TRACKED),
  at: v.number(),
  data: v.record(v.string(), v.unknown())
});
export type TrackedEvent = v.InferOutput<typeof trackedEvent>;

/** `sentAt`: epoch ms by the same clock as `at`, so that a wrong one can be told. */
export const trackerPost = v.object({
  v: v.literal(TRACKER_VERSION),
  visitor: v.pipe(v.string(), v.regex(/^[\w-]{8,64}$/)),
  sentAt: v.number(),
  events: v.pipe(v.array(trackedEvent), v.maxLength(200))
});
export type TrackerPost = v.InferOutput<typeof trackerPost>;
