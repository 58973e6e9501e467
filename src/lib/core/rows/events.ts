import * as v from 'valibot';
import { testMessageSchema } from '../test-messages';
import { wordsSchema } from '../words-schema';
import { connectionSchema } from './connection';

const id = v.pipe(v.string(), v.minLength(1));
const instant = v.number();

/**
 * A fact about a contact at an instant. Append-only. `occurredAt` is clamped to `receivedAt`. `dedupeKey` is unique where
 * present: a fact from outside has one, a fact that a transaction of ours caused is identified by its id alone.
 */
export const eventSchema = v.object({
  id,
  type: v.string(),
  contactId: v.nullable(id),
  occurredAt: instant,
  receivedAt: instant,
  properties: v.record(v.string(), v.unknown()),
  /** `app`, `automation`, `import`, `sandbox`, or the id of a source */
  source: v.string(),
  dedupeKey: v.optional(v.string()),
  /** 1 until the runner has matched it; 2 for good where it is about nobody who is known. */
  unmatched: v.optional(v.picklist([1, 2])),
  replayOf: v.optional(id)
});
export type EventRow = v.InferOutput<typeof eventSchema>;

/**
 * What a contact has done, by type of event: how often, first and last. Kept with the events, for the types that people filter by
 * (`isRolledUp`). Keyed by [contactId, type].
 */
export const rollupSchema = v.object({
  contactId: id,
  type: v.string(),
  count: v.number(),
  firstAt: instant,
  lastAt: instant,
  /** the last event, by its own time */
  lastId: id
});
export type Rollup = v.InferOutput<typeof rollupSchema>;

/** A recurring look at all contacts for one trigger (or waiting step) of an active automation. `dueAt`: the next one. */
export const checkSchema = v.object({
  /** `${automationId}/${id of the trigger or step}` */
  id,
  automationId: id,
  nodeId: id,
  /** what it was computed from: when this changes, the check starts anew */
  schedule: v.string(),
  /** RFC 5545, as a calendar reads it */
  rule: v.string(),
  timeZone: v.string(),
  dueAt: instant,
  lastAt: v.optional(instant)
});
export type Check = v.InferOutput<typeof checkSchema>;

/** Who was found by the last check: for checks that tell of those who join. Keyed by [checkId, contactId]. */
export const checkMemberSchema = v.object({ checkId: id, contactId: id });
export type CheckMember = v.InferOutput<typeof checkMemberSchema>;

/** How far a source was read. `watermark`: everything that occurred up to it has been read. */
export const cursorSchema = v.object({
  sourceId: id,
  cursor: v.nullable(v.string()),
  watermark: instant,
  readAt: instant,
  /** How much was taken in, while there is more to be read at once. */
  taken: v.optional(v.number()),
  failingSince: v.optional(instant),
  problem: v.optional(wordsSchema)
});
export type Cursor = v.InferOutput<typeof cursorSchema>;

/** How sync stands on this device: there is none while it keeps no such row. Stamps are those of `sync/clock.ts`. */
const syncStanding = v.object({
  id: v.literal('sync'),
  /** The name of this device on the remote, and those that it had before its disk was put back, or its clock set right. */
  device: id,
  formerly: v.optional(v.array(id)),
  /** The greatest stamp that was given or seen: the state of the clock. */
  greatest: v.nullable(v.string()),
  /** Of the remote's data key: where it changes, all is read and sent anew. */
  generation: v.number(),
  /** How far the remote was read; null: not at all. */
  cursor: v.nullable(v.string()),
  /** device → the number of its batch that is taken in next, and the greatest that was heard of */
  peers: v.record(v.string(), v.object({ next: v.number(), heard: v.number() })),
  /** The number of the batch that is sent next; `attempt` tells a batch that was stored, without its answer having come, from another's. */
  next: v.number(),
  attempt: v.nullable(v.string()),
  /** How far the rows that were here before have been sent; null: all of them have. */
  baseline: v.nullable(v.object({ table: v.string(), after: v.nullable(v.string()) })),
  /** Until all rows that were here are marked: it has joined others, whose rows come before these. */
  isJoining: v.optional(v.boolean()),
  /** When all was told last, and all was taken in that can be. */
  reachedAt: v.optional(instant),
  /** When something was told last. */
  toldAt: v.optional(instant),
  /** When all that others had told was taken in last, and they were told all. */
  syncedAt: v.optional(instant),
  /** Why that is not so now. */
  problem: v.optional(wordsSchema),
  /** The user says that this device's clock is right, whatever others have told. */
  isClockTrusted: v.optional(v.boolean()),
  /** Contacts that became one may have journeys beside each other: another device ran them when this was taken in. */
  hasRivals: v.optional(v.boolean())
});
export type SyncStanding = v.InferOutput<typeof syncStanding>;

/** The runner's claim (`epoch`, `heartbeat`) and the revision of the small tables, which tells a cached view that it is old; the Sandbox's tests; sync, and the remote it is with. */
export const runtimeSchema = v.variant('id', [
  v.object({ id: v.literal('runner'), epoch: v.number(), heartbeat: instant }),
  v.object({ id: v.literal('revision'), value: v.number() }),
  v.object({ id: v.literal('tests'), messages: v.array(testMessageSchema) }),
  syncStanding,
  connectionSchema
]);
export type RuntimeRow = v.InferOutput<typeof runtimeSchema>;
