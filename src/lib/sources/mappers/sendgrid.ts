import * as v from 'valibot';
import { defineMapper, type IncomingFact } from '$lib/core/sources';
import { SECOND } from '$lib/core/instants';
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
import { factsOfJson, optionalText } from './payload';

const sendgridEvent = v.looseObject({
  event: v.string(),
  email: optionalText,
  timestamp: v.number(),
  sg_message_id: optionalText,
  category: v.nullish(v.union([v.string(), v.array(v.string())]), null),
  url: optionalText,
  type: optionalText,
  reason: optionalText,
  sg_machine_open: v.nullish(v.boolean(), null)
});
type Told = v.InferOutput<typeof sendgridEvent>;

/** Not even tried, since these have shown that nothing arrives there. */
const DROPPED_FOR_GOOD = new Set(['Bounced Address', 'Invalid']);

const FATES: Readonly<Record<string, (told: Told) => Fate | null>> = {
  delivered: () => delivered,
  open: ({ sg_machine_open }) => opened(sg_machine_open === true),
  click: ({ url }) => clicked(url),
  bounce: ({ type, reason }) => bounced(type !== 'blocked', reason),
  dropped: ({ reason }) => (DROPPED_FOR_GOOD.has(reason ?? '') ? bounced(true, reason) : null),
  spamreport: () => complained,
  unsubscribe: () => unsubscribed,
  group_unsubscribe: () => unsubscribed
};

/**
 * SendGrid's Event Webhook ('Event Webhook Reference'): many events in one post. What follows the message's id, as it was answered in
 * `x-message-id`, is the way that it took (`.filter0001…`, `.recvd-…`).
 */
export default defineMapper({
  kind: 'sendgrid',
  name: 'SendGrid',
  delivers: EMAIL_FATES,
  documentation: 'https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/event',
  signs: true,
  facts: ({ body }) =>
    factsOfJson(body, v.pipe(v.array(sendgridEvent), v.minLength(1)), (posts) =>
      ok(posts.flatMap(factsOfSendgridEvent))
    )
});

/** What an event tells, as the webhook names it. */
export function factsOfSendgridEvent(told: Told): IncomingFact[] {
  const fate = FATES[told.event]?.(told);
  if (!fate || told.sg_message_id === null) return [];
  const messageId = told.sg_message_id.replace(/\.(filter|recvd).*$/, '');
  const tags = typeof told.category === 'string' ? [told.category] : (told.category ?? []);
  return emailFacts('sendgrid', fate, { messageId, email: told.email, tags, at: told.timestamp * SECOND });
}
