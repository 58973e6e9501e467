import * as v from 'valibot';
import type { Instant } from '$lib/core/instants';
import { defineMapper, type IncomingFact } from '$lib/core/sources';
import { ok } from '$lib/core/result';
import {
  bounced,
  clicked,
  complained,
  delivered,
  EMAIL_FATES,
  emailFacts,
  opened,
  unsubscribed,
  type Fate
} from './email-events';
import { factsOfJson, isoInstant, optionalText } from './payload';

const instant = v.nullish(isoInstant, null);
/** A record as Postmark writes it, in a post and in its lists of opens, clicks and bounces. */
export const postmarkRecord = v.looseObject({
  RecordType: v.string(),
  MessageID: optionalText,
  Recipient: optionalText,
  Email: optionalText,
  Tag: optionalText,
  DeliveredAt: instant,
  ReceivedAt: instant,
  BouncedAt: instant,
  ChangedAt: instant,
  OriginalLink: optionalText,
  Type: optionalText,
  Details: optionalText,
  Description: optionalText,
  SuppressSending: v.optional(v.boolean(), false),
  SuppressionReason: optionalText,
  Origin: optionalText
});
type Told = v.InferOutput<typeof postmarkRecord>;

/** 'Bounce webhook', 'Bounce types': those that are for good. Others are delays, answers of machines, and blocks. */
const HARD = new Set(['HardBounce', 'BadEmailAddress', 'ManuallyDeactivated']);

const FATES: Readonly<Record<string, (told: Told) => Fate | null>> = {
  Delivery: () => delivered,
  Open: () => opened(),
  Click: ({ OriginalLink }) => clicked(OriginalLink),
  Bounce: ({ Type, Details, Description }) => bounced(HARD.has(Type ?? ''), Details ?? Description),
  SpamComplaint: () => complained,
  // Bounces and complaints, which stop an address too, are told by themselves.
  SubscriptionChange: ({ SuppressSending, SuppressionReason, Origin }) =>
    SuppressSending && SuppressionReason === 'ManualSuppression' && Origin === 'Recipient' ? unsubscribed : null
};

/** Postmark's webhooks ('Webhooks overview', and a page for each `RecordType`). It does not say which openings a machine made. */
export default defineMapper({
  kind: 'postmark',
  name: 'Postmark',
  delivers: EMAIL_FATES,
  documentation: 'https://postmarkapp.com/developer/webhooks/webhooks-overview',
  signs: true,
  facts: ({ body, receivedAt }) =>
    factsOfJson(body, postmarkRecord, (post) => ok(factsOfPostmarkRecord(post, receivedAt)))
});

/** None of what is of no concern here. `told`: when, of a record that does not say when it occurred. */
export function factsOfPostmarkRecord(record: Told, told: Instant): IncomingFact[] {
  const { MessageID: messageId, DeliveredAt, ReceivedAt, BouncedAt, ChangedAt, Recipient, Email, Tag } = record;
  const fate = FATES[record.RecordType]?.(record);
  if (!fate || messageId === null) return [];
  const at = DeliveredAt ?? ReceivedAt ?? BouncedAt ?? ChangedAt ?? told;
  return emailFacts('postmark', fate, { messageId, email: Recipient ?? Email, tags: Tag ? [Tag] : [], at });
}
