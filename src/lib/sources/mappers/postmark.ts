import * as v from 'valibot';
import { defineMapper } from '$lib/core/sources';
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
const told = v.looseObject({
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
type Told = v.InferOutput<typeof told>;

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
    factsOfJson(body, told, (post) => {
      const { MessageID: messageId, DeliveredAt, ReceivedAt, BouncedAt, ChangedAt, Recipient, Email, Tag } = post;
      const fate = FATES[post.RecordType]?.(post);
      if (!fate || messageId === null) return ok([]);
      const at = DeliveredAt ?? ReceivedAt ?? BouncedAt ?? ChangedAt ?? receivedAt;
      return ok(emailFacts('postmark', fate, { messageId, email: Recipient ?? Email, tags: Tag ? [Tag] : [], at }));
    })
});
