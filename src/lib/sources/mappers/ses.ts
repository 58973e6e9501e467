import * as v from 'valibot';
import { defineMapper } from '$lib/core/sources';
import type { Instant } from '$lib/core/instants';
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
import { factsOfNotification } from './notification';
import { isoInstant, optionalText } from './payload';

const at = v.nullish(isoInstant, null);
const readers = v.nullish(v.array(v.object({ emailAddress: v.string(), diagnosticCode: optionalText })), null);
const told = v.looseObject({
  eventType: optionalText,
  notificationType: optionalText,
  mail: v.object({
    messageId: v.string(),
    destination: v.optional(v.array(v.string()), []),
    tags: v.nullish(v.record(v.string(), v.array(v.string())), null)
  }),
  delivery: v.nullish(v.object({ timestamp: at }), null),
  open: v.nullish(v.object({ timestamp: at }), null),
  click: v.nullish(v.object({ timestamp: at, link: optionalText }), null),
  bounce: v.nullish(v.object({ timestamp: at, bounceType: optionalText, bouncedRecipients: readers }), null),
  complaint: v.nullish(v.object({ timestamp: at, complainedRecipients: readers }), null),
  subscription: v.nullish(
    v.object({ timestamp: at, newTopicPreferences: v.nullish(v.object({ unsubscribeAll: v.boolean() }), null) }),
    null
  )
});
type Told = v.InferOutput<typeof told>;

const FATES: Readonly<Record<string, (told: Told) => readonly [Fate, Instant | null | undefined] | null>> = {
  Delivery: ({ delivery }) => [delivered, delivery?.timestamp],
  Open: ({ open }) => [opened(), open?.timestamp],
  Click: ({ click }) => [clicked(click?.link ?? null), click?.timestamp],
  Bounce: ({ bounce }) => [
    bounced(bounce?.bounceType === 'Permanent', bounce?.bouncedRecipients?.[0]?.diagnosticCode ?? null),
    bounce?.timestamp
  ],
  Complaint: ({ complaint }) => [complained, complaint?.timestamp],
  Subscription: ({ subscription }) =>
    subscription?.newTopicPreferences?.unsubscribeAll === true ? [unsubscribed, subscription.timestamp] : null
};

/**
 * Amazon SES by way of a topic of SNS ('Contents of event data that Amazon SES publishes to Amazon SNS', and the older notifications,
 * 'Amazon SNS notification contents for Amazon SES'). Each message of ours has one reader.
 */
export default defineMapper({
  kind: 'ses',
  name: 'Amazon SES',
  delivers: EMAIL_FATES,
  documentation: 'https://docs.aws.amazon.com/ses/latest/dg/event-publishing-retrieving-sns-contents.html',
  signs: false,
  facts: ({ body, receivedAt }) =>
    factsOfNotification(body, told, (post) => {
      const found = FATES[post.eventType ?? post.notificationType ?? '']?.(post);
      if (!found) return ok([]);
      const [fate, when] = found;
      const { messageId, destination, tags } = post.mail;
      const email = destination[0] ?? null;
      return ok(emailFacts('ses', fate, { messageId, email, tags: tags?.tag ?? [], at: when ?? receivedAt }));
    })
});
