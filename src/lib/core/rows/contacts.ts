import * as v from 'valibot';
import { filterTreeSchema } from '../filter-tree';

const id = v.pipe(v.string(), v.minLength(1));
const instant = v.number();

/** A date is `YYYY-MM-DD`; a multiple choice is an array of option ids. */
export const attributeValueSchema = v.union([v.string(), v.number(), v.boolean(), v.array(v.string())]);
export type AttributeValue = v.InferOutput<typeof attributeValueSchema>;

export const contactSchema = v.object({
  id,
  email: v.optional(v.string()),
  /** E.164 */
  phone: v.optional(v.string()),
  externalId: v.optional(v.string()),
  attributes: v.record(v.string(), attributeValueSchema),
  listIds: v.array(id),
  /** list id → the instant at which the contact was added to it */
  listedAt: v.record(v.string(), instant),
  /** Who of the team looks after the contact. */
  ownerId: v.optional(id),
  companyId: v.optional(id),
  /**
   * What must not be sent: campaigns (marketing emails of all senders), transactional emails of these senders, promotional SMS.
   * Absent: nothing. `unsubscriptionId`: the event by which the contact has left campaigns, where nothing else keeps it away.
   */
  blocklist: v.optional(
    v.object({
      campaigns: v.boolean(),
      transactionalSenderIds: v.array(id),
      sms: v.optional(v.boolean()),
      unsubscriptionId: v.optional(id)
    })
  ),
  timeZone: v.optional(v.string()),
  createdAt: instant,
  updatedAt: instant,
  /** Set on a contact that was merged into another one. */
  mergedInto: v.optional(id),
  /** Somebody else was found to be this person, whose journeys go on under their own ids. */
  hasMerged: v.optional(v.boolean()),
  /** Deleting hides the contact and holds its journeys; 30 s later it is erased everywhere. 0: at once. */
  hiddenAt: v.optional(instant),
  /** Of the made-up workspace. */
  example: v.optional(v.boolean())
});
export type Contact = v.InferOutput<typeof contactSchema>;

export const IDENTITY_KINDS = ['email', 'phone', 'external', 'visitor', 'push', 'pass'] as const;
export type IdentityKind = (typeof IDENTITY_KINDS)[number];

/** Who is behind an address or a device: one row for each kind and value (email in lower case, phone as E.164). */
export const identitySchema = v.object({ kind: v.picklist(IDENTITY_KINDS), value: v.string(), contactId: id });
export type Identity = v.InferOutput<typeof identitySchema>;

export const listSchema = v.object({ id, name: v.string(), createdAt: instant, example: v.optional(v.boolean()) });
export type List = v.InferOutput<typeof listSchema>;

/** Contacts that meet a filter tree, under a name. */
export const segmentSchema = v.object({
  id,
  name: v.string(),
  filters: filterTreeSchema,
  createdAt: instant,
  updatedAt: instant,
  example: v.optional(v.boolean())
});
export type Segment = v.InferOutput<typeof segmentSchema>;

export const ATTRIBUTE_KINDS = ['text', 'number', 'date', 'yesNo', 'choice', 'choices'] as const;
export type AttributeKind = (typeof ATTRIBUTE_KINDS)[number];

/** An attribute of contacts (and, in tables of their own, of companies and of deals). Its id is its key in templates and files: capitals, digits and underscores, `FIRSTNAME`. */
export const attributeSchema = v.object({
  id: v.pipe(v.string(), v.regex(/^[A-Z][A-Z0-9_]*$/)),
  name: v.string(),
  kind: v.picklist(ATTRIBUTE_KINDS),
  options: v.optional(v.array(v.object({ id, name: v.string() }))),
  createdAt: instant
});
export type Attribute = v.InferOutput<typeof attributeSchema>;

/** The id of an erased contact and nothing else, so that a late event or another device does not bring it back. */
export const tombstoneSchema = v.object({ id, at: instant });
export type Tombstone = v.InferOutput<typeof tombstoneSchema>;

/** An import commits in batches under its row: it can be resumed, cancelled and undone. */
export const importRowSchema = v.object({
  id,
  fileName: v.string(),
  status: v.picklist(['running', 'done', 'cancelled', 'failed', 'undone']),
  listId: v.nullable(id),
  duplicates: v.picklist(['update', 'skip']),
  /** header of the file → what it becomes; null leaves the column out */
  mapping: v.record(v.string(), v.nullable(v.string())),
  /** rows of the file that are committed: an interrupted import resumes after them */
  rowsDone: v.number(),
  created: v.number(),
  updated: v.number(),
  skipped: v.number(),
  /** How many lines were rejected; the first thousand are kept in `rejected`. */
  rejectedCount: v.number(),
  rejected: v.array(
    v.object({
      line: v.number(),
      key: v.string(),
      params: v.optional(v.record(v.string(), v.union([v.string(), v.number()]))),
      raw: v.string()
    })
  ),
  startedAt: instant,
  endedAt: v.optional(instant)
});
export type ImportRow = v.InferOutput<typeof importRowSchema>;

/** What one batch of an import did: so that it can be undone. Keyed by [importId, seq]. */
export const importBlockSchema = v.object({
  importId: id,
  seq: v.number(),
  /** ids of the contacts that it made */
  created: v.array(id),
  /** ids of the contacts, there before, that it added to the list */
  listed: v.array(id)
});
export type ImportBlock = v.InferOutput<typeof importBlockSchema>;
