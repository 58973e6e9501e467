import * as v from 'valibot';
import { defineMapper } from '$lib/core/sources';
import { emailBounced, emailDelivered } from '$lib/core/events/emails';
import { ok } from '$lib/core/result';
import { bounced, delivered, emailFacts, type Fate } from './email-events';
import { factsOfNotification } from './notification';
import { isoInstant, optionalText } from './payload';

const told = v.looseObject({
  type: v.string(),
  created_at: isoInstant,
  email_id: optionalText,
  email_to: optionalText,
  email_response_message: optionalText,
  email_error: optionalText
});
type Told = v.InferOutput<typeof told>;

const reasonOf = ({ email_response_message, email_error }: Told) => email_response_message ?? email_error;
const FATES: Readonly<Record<string, (told: Told) => Fate>> = {
  email_delivered: () => delivered,
  email_dropped: (post) => bounced(true, reasonOf(post)),
  email_mailbox_not_found: (post) => bounced(true, reasonOf(post)),
  email_deferred: (post) => bounced(false, reasonOf(post))
};

/**
 * Scaleway's Transactional Email, by way of a topic ('Understanding Webhook event payloads'). It neither counts openings nor tells of
 * complaints: `email_spam` is what it takes for spam itself.
 */
export default defineMapper({
  kind: 'scaleway',
  name: 'Scaleway',
  delivers: [emailBounced.type, emailDelivered.type],
  documentation: 'https://www.scaleway.com/en/docs/transactional-email/reference-content/webhook-events-payloads/',
  signs: false,
  facts: ({ body }) =>
    factsOfNotification(body, told, (post) => {
      const fate = FATES[post.type]?.(post);
      if (!fate || post.email_id === null) return ok([]);
      return ok(emailFacts('scaleway', fate, { messageId: post.email_id, email: post.email_to, at: post.created_at }));
    })
});
