import * as v from 'valibot';
import { defineMapper } from '$lib/core/sources';
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

const told = v.looseObject({
  event: v.string(),
  email: v.optional(v.string(), ''),
  'message-id': optionalText,
  ts_event: v.nullish(v.number(), null),
  tags: v.nullish(v.array(v.string()), null),
  link: optionalText,
  reason: optionalText
});
type Told = v.InferOutput<typeof told>;

const FATES: Readonly<Record<string, (told: Told) => Fate>> = {
  delivered: () => delivered,
  opened: () => opened(),
  unique_opened: () => opened(),
  proxy_open: () => opened(true),
  unique_proxy_open: () => opened(true),
  click: ({ link }) => clicked(link),
  hard_bounce: ({ reason }) => bounced(true, reason),
  invalid_email: ({ reason }) => bounced(true, reason),
  soft_bounce: ({ reason }) => bounced(false, reason),
  spam: () => complained,
  unsubscribed: () => unsubscribed
};

/** Brevo's webhooks ('Transactional webhooks'). A first opening is told twice, within one second: it counts once. */
export default defineMapper({
  kind: 'brevo',
  name: 'Brevo',
  delivers: EMAIL_FATES,
  documentation: 'https://developers.brevo.com/docs/transactional-webhooks',
  signs: false,
  facts: ({ body, receivedAt }) =>
    factsOfJson(body, told, (post) => {
      const messageId = post['message-id'];
      const fate = FATES[post.event]?.(post);
      if (!fate || messageId === null) return ok([]);
      const at = post.ts_event === null ? receivedAt : post.ts_event * SECOND;
      return ok(emailFacts('brevo', fate, { messageId, email: post.email, tags: post.tags ?? [], at }));
    })
});
