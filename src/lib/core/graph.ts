import * as v from 'valibot';
import { filterTreeSchema } from './filter-tree';

const idSchema = v.pipe(v.string(), v.minLength(1));
const fieldsSchema = v.record(v.string(), v.unknown());
const positionSchema = v.object({ x: v.number(), y: v.number() });

/** A way in: any one of an automation's triggers lets the contact in. `unit` names a trigger of the catalogue. */
export const triggerNodeSchema = v.object({
  id: idSchema,
  unit: v.string(),
  version: v.number(),
  fields: fieldsSchema
});
export type TriggerNode = v.InferOutput<typeof triggerNodeSchema>;

/**
 * A step: an action or a rule of the catalogue. `next` maps each branch to the step it leads to, or to null, the end; two
 * branches may lead to one step. A position is stored only for a step that was moved by hand.
 */
export const stepNodeSchema = v.object({
  id: idSchema,
  unit: v.string(),
  version: v.number(),
  fields: fieldsSchema,
  next: v.record(v.string(), v.nullable(idSchema)),
  position: v.optional(positionSchema)
});
export type StepNode = v.InferOutput<typeof stepNodeSchema>;

export const noteSchema = v.object({ id: idSchema, text: v.string(), position: positionSchema });
export type Note = v.InferOutput<typeof noteSchema>;

export const graphSchema = v.object({
  triggers: v.array(triggerNodeSchema),
  entry: v.nullable(idSchema),
  steps: v.array(stepNodeSchema),
  notes: v.array(noteSchema)
});
export type Graph = v.InferOutput<typeof graphSchema>;

/** Days are ISO weekdays, 1 (Monday) to 7; times are `HH:MM`; `from` after `to` wraps over midnight. */
export const timeWindowSchema = v.object({
  days: v.pipe(v.array(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(7))), v.minLength(1)),
  from: v.pipe(v.string(), v.regex(/^([01]\d|2[0-3]):[0-5]\d$/)),
  to: v.pipe(v.string(), v.regex(/^([01]\d|2[0-3]):[0-5]\d$/))
});
export type TimeWindow = v.InferOutput<typeof timeWindowSchema>;

export const durationSchema = v.object({
  amount: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(10_000)),
  unit: v.picklist(['minutes', 'hours', 'days', 'weeks', 'months'])
});
export type CalendarDuration = v.InferOutput<typeof durationSchema>;

/** At most `count` marketing messages to one contact in `days` days. */
export const frequencyCapSchema = v.object({
  count: v.pipe(v.number(), v.integer(), v.minValue(1)),
  days: v.pipe(v.number(), v.integer(), v.minValue(1))
});
export type FrequencyCap = v.InferOutput<typeof frequencyCapSchema>;

/** An event type with filters on its properties: what exit and restart conditions listen to. */
const eventConditionSchema = v.object({ event: v.string(), filters: v.nullable(filterTreeSchema) });
export type EventCondition = v.InferOutput<typeof eventConditionSchema>;

/**
 * `once`: one journey ever. `after_leaving`: again once the last journey has ended, `pause` after it at the earliest.
 * `parallel`: one journey for each value of the trigger event's `keyProperty`.
 */
export const reentrySchema = v.variant('mode', [
  v.object({ mode: v.literal('once') }),
  v.object({ mode: v.literal('after_leaving'), pause: v.optional(v.nullable(durationSchema)) }),
  v.object({ mode: v.literal('parallel'), keyProperty: v.string() })
]);
export type Reentry = v.InferOutput<typeof reentrySchema>;

/**
 * What becomes of a call to the outside that is reached more than `after` past its time, as after a week with the browser closed:
 * left out, or the user is asked. Without such a rule it is made.
 */
const lateSchema = v.object({ does: v.picklist(['skip', 'ask']), after: durationSchema });
export type Late = v.InferOutput<typeof lateSchema>;

/** `null` for the window or the cap: inherit the workspace's. */
export const automationSettingsSchema = v.object({
  reentry: reentrySchema,
  exit: v.array(eventConditionSchema),
  restart: v.array(eventConditionSchema),
  sendWindow: v.nullable(timeWindowSchema),
  frequencyCap: v.nullable(frequencyCapSchema),
  late: v.optional(v.nullable(lateSchema)),
  /** Messages after a delay are handed over when it begins, where the provider lets them leave later and can give them back. */
  ahead: v.optional(v.boolean())
});
export type AutomationSettings = v.InferOutput<typeof automationSettingsSchema>;

export function emptyGraph(): Graph {
  return { triggers: [], entry: null, steps: [], notes: [] };
}

export function defaultSettings(): AutomationSettings {
  return { reentry: { mode: 'once' }, exit: [], restart: [], sendWindow: null, frequencyCap: null };
}
