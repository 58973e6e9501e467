import * as v from 'valibot';
import { filterTreeSchema } from '../filter-tree';
import { automationSettingsSchema, frequencyCapSchema, graphSchema, timeWindowSchema } from '../graph';
import { wordsSchema } from '../words-schema';
import { brandSchema } from './emails';

const id = v.pipe(v.string(), v.minLength(1));
const instant = v.number();

export const AUTOMATION_STATUSES = ['draft', 'active', 'paused', 'archived'] as const;
export type AutomationStatus = (typeof AUTOMATION_STATUSES)[number];

/**
 * What becomes of journeys on other versions than the one that runs. `next`: each goes on at its step in the new version; where that
 * was removed, at the next step of its path that is left. `out`: the same, but whoever is at a removed step leaves. `end`: all leave.
 */
export const SWITCH_CHOICES = ['next', 'out', 'end'] as const;
export type SwitchChoice = (typeof SWITCH_CHOICES)[number];

export const automationSchema = v.object({
  id,
  name: v.string(),
  status: v.picklist(AUTOMATION_STATUSES),
  activeVersionId: v.nullable(id),
  draft: v.object({ graph: graphSchema, settings: automationSettingsSchema }),
  /** Why the engine has paused it; going on takes it away. */
  problem: v.optional(wordsSchema),
  /** Journeys on other versions are being brought to this one: how, how many there were, how many are done. */
  switching: v.optional(v.object({ to: id, choice: v.picklist(SWITCH_CHOICES), total: v.number(), done: v.number() })),
  /** Those who meet its triggers already are being let in: up to which contact's id. */
  entering: v.optional(v.object({ filters: filterTreeSchema, after: v.string() })),
  createdAt: instant,
  updatedAt: instant,
  example: v.optional(v.boolean())
});
export type Automation = v.InferOutput<typeof automationSchema>;

/** An immutable graph, made by publishing. Each enrolment names the version it runs through. */
export const versionSchema = v.object({
  id,
  automationId: id,
  number: v.number(),
  publishedAt: instant,
  graph: graphSchema,
  settings: automationSettingsSchema
});
export type Version = v.InferOutput<typeof versionSchema>;

/** The event as a journey remembers it. */
export const eventFactSchema = v.object({
  id,
  type: v.string(),
  occurredAt: instant,
  properties: v.record(v.string(), v.unknown())
});
export type EventFact = v.InferOutput<typeof eventFactSchema>;

export const JOURNAL_KINDS = [
  'entered',
  'moved',
  'waits',
  'woke',
  'queued',
  'completed',
  'exited',
  'failed',
  'restarted',
  'switched'
] as const;
export type JournalKind = (typeof JOURNAL_KINDS)[number];

export const journalEntrySchema = v.object({
  at: instant,
  kind: v.picklist(JOURNAL_KINDS),
  stepId: v.nullable(id),
  visit: v.optional(v.number()),
  /** for `moved`: the branch it left by */
  branch: v.optional(v.string()),
  words: v.optional(wordsSchema),
  eventId: v.optional(id)
});
export type JournalEntry = v.InferOutput<typeof journalEntrySchema>;

export const ENROLMENT_STATUSES = ['active', 'waiting', 'completed', 'exited', 'failed'] as const;
export type EnrolmentStatus = (typeof ENROLMENT_STATUSES)[number];

/**
 * One contact's journey through one version. The id is `enrolmentId(automation, contact, re-entry key, occurrence)`: inserting
 * it is what decides that a contact enters. `dueAt` and `wakes` are absent unless the enrolment waits.
 */
export const enrolmentSchema = v.object({
  id,
  automationId: id,
  versionId: id,
  contactId: id,
  status: v.picklist(ENROLMENT_STATUSES),
  /** Where it is; null before the first step and after the end. */
  stepId: v.nullable(id),
  /** step id → how often it was reached */
  visits: v.record(v.string(), v.number()),
  enteredAt: instant,
  /** The instant from which the present step counts. */
  since: instant,
  /** When the scheduler looks at it again. */
  dueAt: v.optional(instant),
  /** `dueAt` while the automation is paused. */
  held: v.optional(instant),
  /** What the present step waits for. */
  wait: v.optional(
    v.variant('for', [
      v.object({ for: v.literal('time'), until: instant }),
      v.object({
        for: v.literal('event'),
        event: v.string(),
        from: instant,
        limit: v.nullable(instant),
        messageIds: v.nullable(v.array(v.string()))
      }),
      v.object({ for: v.literal('outbox'), outboxId: id }),
      v.object({ for: v.literal('person'), reason: wordsSchema })
    ])
  ),
  /** `${contactId} ${event type}` of each event that may wake, end or restart it: the index by which events find it. */
  wakes: v.optional(v.array(v.string())),
  /** The visit for which its next message is handed over already, while it waits before that step or for the message to leave. */
  ahead: v.optional(v.object({ stepId: id, visit: v.number() })),
  event: eventFactSchema,
  /** Messages of this journey, in the order of their acceptance. */
  sends: v.array(v.object({ stepId: id, messageId: v.string(), at: instant })),
  /** step id → what a webhook answered */
  answers: v.optional(v.record(v.string(), v.unknown())),
  /** What random decisions are a function of: a replay gives the same. */
  seed: v.number(),
  /** The end of its journal, which is in no block yet. */
  entries: v.optional(v.array(journalEntrySchema)),
  /** The sequence number of the next journal block. */
  seq: v.number(),
  /** Moves made since time last passed, and that instant: a loop without a delay is cut at 100. */
  moves: v.number(),
  /** How often in a row automations, and nothing else, have let the contact in again within a minute; absent where it is the first. */
  lap: v.optional(v.number()),
  endedAt: v.optional(instant),
  reason: v.optional(wordsSchema)
});
export type Enrolment = v.InferOutput<typeof enrolmentSchema>;

/** An earlier part of the journal of one enrolment, all of it in one version. Keyed by [enrolmentId, seq]. */
export const journalBlockSchema = v.object({
  enrolmentId: id,
  seq: v.number(),
  contactId: id,
  automationId: id,
  versionId: id,
  entries: v.array(journalEntrySchema)
});
export type JournalBlock = v.InferOutput<typeof journalBlockSchema>;

/** A count derived from the journal. Id: `${versionId} ${stepId} ${what}`, `what` being a journal kind or `branch:<name>`. */
export const statisticSchema = v.object({
  id: v.string(),
  automationId: id,
  versionId: id,
  stepId: v.nullable(id),
  what: v.string(),
  count: v.number()
});
export type Statistic = v.InferOutput<typeof statisticSchema>;

export const settingsSchema = v.object({
  id: v.literal('workspace'),
  name: v.string(),
  language: v.picklist(['fr', 'en']),
  timeZone: v.string(),
  /** ISO 3166 country of phone numbers without a prefix. */
  country: v.string(),
  sendWindow: v.nullable(timeWindowSchema),
  frequencyCap: v.nullable(frequencyCapSchema),
  /** How long a source may be unreachable before time limits no longer wait for it, in ms. */
  sourceAllowance: v.number(),
  createdAt: instant,
  /** Set while the made-up example workspace is loaded. */
  exampleLoadedAt: v.optional(instant),
  /** How emails made of blocks look; as PLAIN_BRAND where it is missing. */
  brand: v.optional(brandSchema)
});
export type WorkspaceSettings = v.InferOutput<typeof settingsSchema>;
