import * as v from 'valibot';
import { wordsSchema } from '../words-schema';
import { emailBlockSchema } from './emails';

const id = v.pipe(v.string(), v.minLength(1));
const instant = v.number();

/** `html` is what is sent, before Liquid: compiled from the blocks by MJML when the template is saved, or written by hand. */
export const templateSchema = v.object({
  id,
  name: v.string(),
  channel: v.literal('email'),
  subject: v.string(),
  preheader: v.string(),
  source: v.variant('editor', [
    v.object({ editor: v.literal('blocks'), blocks: v.array(emailBlockSchema) }),
    v.object({ editor: v.literal('html') })
  ]),
  html: v.string(),
  createdAt: instant,
  updatedAt: instant,
  example: v.optional(v.boolean())
});
export type Template = v.InferOutput<typeof templateSchema>;

/** A text message. The text holds Liquid. */
export const smsTemplateSchema = v.object({
  id,
  name: v.string(),
  text: v.string(),
  createdAt: instant,
  updatedAt: instant,
  example: v.optional(v.boolean())
});
export type SmsTemplate = v.InferOutput<typeof smsTemplateSchema>;

/** A push notification. Title, body and url hold Liquid. */
export const pushTemplateSchema = v.object({
  id,
  name: v.string(),
  title: v.string(),
  body: v.string(),
  url: v.string(),
  imageUrl: v.string(),
  createdAt: instant,
  updatedAt: instant,
  example: v.optional(v.boolean())
});
export type PushTemplate = v.InferOutput<typeof pushTemplateSchema>;

/** Who text messages come from: a number (E.164), or up to eleven letters and digits. `accountId` null: the built-in Sandbox. */
export const smsSenderSchema = v.object({
  id,
  name: v.string(),
  accountId: v.nullable(id),
  createdAt: instant,
  example: v.optional(v.boolean())
});
export type SmsSender = v.InferOutput<typeof smsSenderSchema>;

/** Who emails come from. `accountId` null: the built-in Sandbox. */
export const senderSchema = v.object({
  id,
  name: v.string(),
  email: v.string(),
  accountId: v.nullable(id),
  createdAt: instant,
  example: v.optional(v.boolean())
});
export type Sender = v.InferOutput<typeof senderSchema>;

export const LIMIT_PERIODS = ['minute', 'hour', 'day'] as const;

/** At most `calls` in a period, which begins with its first call. */
export const limitSchema = v.object({
  calls: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
  per: v.picklist(LIMIT_PERIODS)
});
export type Limit = v.InferOutput<typeof limitSchema>;

/**
 * What of the workspace stands on the relay: at which address (without a slash at its end), and by what digest what all pages share was
 * last published; empty where it has to be once more. `forms`: the digest of each.
 */
export const publicationSchema = v.object({
  url: v.string(),
  site: v.string(),
  forms: v.record(id, v.string()),
  /** Of the relay that has them; another one may not have kept all of what was published. */
  version: v.optional(v.number())
});
export type Publication = v.InferOutput<typeof publicationSchema>;

/**
 * An account at a provider. A field of kind secret holds the id of a row in `secrets`. Paused: nothing leaves through it.
 * `throughRelay`: its calls go through the user's relay, since the provider answers none from a page. `limit`: what the user lets it
 * make; `spent`: of it, in the period that began `since`. `fallbackId`: the account that sends while this one cannot.
 */
export const accountSchema = v.object({
  id,
  provider: v.string(),
  name: v.string(),
  fields: v.record(v.string(), v.unknown()),
  throughRelay: v.optional(v.boolean()),
  limit: v.optional(limitSchema),
  spent: v.optional(v.object({ since: instant, calls: v.number() })),
  fallbackId: v.optional(id),
  /** Of the relay alone; missing until something is published there. */
  pages: v.optional(publicationSchema),
  /** Of the relay alone: why its pages are not as they should be, and since when. */
  unpublished: v.optional(v.object({ problem: wordsSchema, failingSince: instant })),
  paused: v.optional(v.object({ reason: wordsSchema, since: instant, until: v.nullable(instant) })),
  createdAt: instant
});
export type Account = v.InferOutput<typeof accountSchema>;

/** A provider key, encrypted: AES-GCM under the key `keyId`. Both binary values are base64. */
export const secretSchema = v.object({ id, keyId: v.string(), iv: v.string(), ciphertext: v.string() });
export type Secret = v.InferOutput<typeof secretSchema>;

export const emailRequestSchema = v.object({
  channel: v.literal('email'),
  kind: v.picklist(['marketing', 'transactional']),
  senderId: id,
  from: v.object({ name: v.string(), email: v.string() }),
  to: v.object({ name: v.optional(v.string()), email: v.string() }),
  subject: v.string(),
  templateId: id,
  /** The template's name: what events of the message carry as `emailName`. */
  emailName: v.string(),
  tag: v.optional(v.string()),
  /** Content leaves the row once the provider has accepted it, except in the Sandbox, whose mailbox it is. */
  html: v.optional(v.string()),
  text: v.optional(v.string()),
  headers: v.optional(v.record(v.string(), v.string()))
});
export type EmailRequest = v.InferOutput<typeof emailRequestSchema>;

export const webhookRequestSchema = v.object({
  channel: v.literal('webhook'),
  method: v.picklist(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']),
  url: v.string(),
  headers: v.record(v.string(), v.string()),
  /** header name → id of a row in `secrets` */
  secretHeaders: v.optional(v.record(v.string(), id)),
  /** id of the row in `secrets` that holds the signing secret */
  signingSecretId: v.optional(id),
  body: v.optional(v.string()),
  /** Passed on by the user's relay, where the server lets no page call it. */
  throughRelay: v.optional(v.boolean())
});
export type WebhookRequest = v.InferOutput<typeof webhookRequestSchema>;

export const smsRequestSchema = v.object({
  channel: v.literal('sms'),
  kind: v.picklist(['promotional', 'transactional']),
  senderId: id,
  from: v.string(),
  /** E.164 */
  to: v.string(),
  /** The template's name, or the step's: what events of the message carry as `smsName`. */
  smsName: v.string(),
  tag: v.optional(v.string()),
  /** Leaves the row once the provider has accepted it, except in the Sandbox. */
  text: v.optional(v.string())
});
export type SmsRequest = v.InferOutput<typeof smsRequestSchema>;

export const PUSH_PLATFORMS = ['ios', 'android', 'web'] as const;
export type PushPlatform = (typeof PUSH_PLATFORMS)[number];

/** Either an existing campaign of the provider (`campaignId`), or a notification of our own. */
export const pushRequestSchema = v.object({
  channel: v.literal('push'),
  /** subscriptions of the contact, as the provider knows them */
  to: v.array(v.string()),
  platforms: v.array(v.picklist(PUSH_PLATFORMS)),
  campaignId: v.optional(v.string()),
  pushName: v.string(),
  title: v.optional(v.string()),
  body: v.optional(v.string()),
  url: v.optional(v.string()),
  imageUrl: v.optional(v.string())
});
export type PushRequest = v.InferOutput<typeof pushRequestSchema>;

/** To the passes in the contact's wallet: a text on the lock screen, a move to another campaign, or both. */
export const walletRequestSchema = v.object({
  channel: v.literal('wallet'),
  operation: v.picklist(['notify', 'move', 'move_and_notify']),
  passes: v.array(v.string()),
  campaignId: v.optional(v.string()),
  text: v.optional(v.string())
});
export type WalletRequest = v.InferOutput<typeof walletRequestSchema>;

export const outboundRequestSchema = v.variant('channel', [
  emailRequestSchema,
  smsRequestSchema,
  pushRequestSchema,
  walletRequestSchema,
  webhookRequestSchema
]);
export type OutboundRequest = v.InferOutput<typeof outboundRequestSchema>;
export type Channel = OutboundRequest['channel'];

/**
 * `sending` is what is shown of a row that an intent names: no row that is stored has it. `scheduled`: the provider has it and lets it
 * leave at `leavesAt`; `recalling`: it is to be taken back there; `recalled`: it was, and never leaves.
 */
export const OUTBOX_STATUSES = [
  'queued',
  'sending',
  'scheduled',
  'sent',
  'skipped',
  'failed',
  'uncertain',
  'recalling',
  'recalled',
  'cancelled'
] as const;
export type OutboxStatus = (typeof OUTBOX_STATUSES)[number];

/**
 * A call to the outside world that must be made. Its id is a function of (enrolment, step, visit) and is the idempotency key
 * where the provider has one. `dueAt`: when it may leave, or be tried again; of an uncertain one, when the provider is asked next; of a
 * scheduled one, when it is looked at whether it is still meant, or has left.
 *
 * What asks for a confirmation (`optInId`) is of no journey: its id is a function of (opt-in, how often was asked), `automationId` the
 * form's, `enrolmentId` the opt-in's, and so is `contactId` while nobody has the address.
 */
export const outboxRowSchema = v.object({
  id,
  status: v.picklist(OUTBOX_STATUSES),
  dueAt: instant,
  createdAt: instant,
  contactId: id,
  automationId: id,
  enrolmentId: id,
  stepId: id,
  visit: v.number(),
  /** null: the Sandbox, or a webhook */
  accountId: v.nullable(id),
  request: outboundRequestSchema,
  attempts: v.number(),
  firstAttemptAt: v.optional(instant),
  lastAttemptAt: v.optional(instant),
  /** The first attempt of which nobody knows whether it was accepted: from then on it is repeated only under a key that holds. */
  doubtSince: v.optional(instant),
  /** The key of the call in which that attempt was made along with others: it is repeated with those of them that are, under that key. */
  batchKey: v.optional(id),
  /** A batch was refused for what was in it: this row goes by itself. */
  apart: v.optional(v.boolean()),
  /** It is the user's word that it leaves, whether or not a journey still waits for it. */
  byHand: v.optional(v.boolean()),
  /** It is the user's word that it does not leave: cancelled, or taken back at the provider. */
  calledOff: v.optional(v.boolean()),
  optInId: v.optional(id),
  /** It is handed over ahead, to leave then though the app be closed. */
  leavesAt: v.optional(instant),
  sentAt: v.optional(instant),
  messageId: v.optional(v.string()),
  /** How often the provider was asked whether it has an uncertain one, or to give one back, and when last. */
  lookUps: v.optional(v.object({ times: v.number(), at: instant })),
  reason: v.optional(wordsSchema)
});
export type OutboxRow = v.InferOutput<typeof outboxRowSchema>;

/**
 * Calls that are on their way: rows of the outbox that were marked together, written before the first of them leaves. A row of the
 * outbox is large; that it leaves is said here, in one row for many. What is answered is taken out again.
 */
export const intentSchema = v.object({
  id,
  at: instant,
  outboxIds: v.array(id),
  /** Which of them leave together, by the key of their call. */
  batches: v.optional(v.array(v.object({ key: id, outboxIds: v.array(id) })))
});
export type Intent = v.InferOutput<typeof intentSchema>;

/** What an intent names of the rows that are meant. */
export function namedBy({ outboxIds, batches }: Intent, isMeant: (outboxId: string) => boolean) {
  const left = (batches ?? []).map(({ key, outboxIds: all }) => ({ key, outboxIds: all.filter(isMeant) }));
  const some = left.filter((batch) => batch.outboxIds.length > 0);
  return { outboxIds: outboxIds.filter(isMeant), batches: some.length === 0 ? undefined : some };
}

/** What a reader did with a message in the Sandbox's mailbox: the Sandbox source yields it as an event. */
export const reactionSchema = v.object({
  id,
  outboxId: id,
  kind: v.picklist(['opened', 'clicked', 'unsubscribed', 'bounced']),
  url: v.optional(v.string()),
  at: instant
});
export type Reaction = v.InferOutput<typeof reactionSchema>;
