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

/** Nothing to tell is an empty list. */
const detail = v.nullish(v.union([v.array(v.unknown()), v.object({ url: optionalText, reason: optionalText })]), null);
const email = v.looseObject({
  message: v.object({ id: v.string() }),
  recipient: v.object({ email: v.string() }),
  tags: v.nullish(v.array(v.string()), null)
});
const told = v.looseObject({
  type: v.string(),
  created_at: v.optional(v.unknown()),
  data: v.optional(
    v.looseObject({
      created_at: v.nullish(isoInstant, null),
      email: v.optional(v.union([v.string(), email])),
      message_id: optionalText,
      tags: v.nullish(v.array(v.string()), null),
      morph: detail,
      meta: detail
    })
  )
});
type Told = NonNullable<v.InferOutput<typeof told>['data']>;

const FATES: Readonly<Record<string, (told: Told) => Fate>> = {
  'activity.delivered': () => delivered,
  'activity.opened': () => opened(),
  'activity.opened_unique': () => opened(),
  'activity.clicked': (data) => clicked(detailOf(data, 'url')),
  'activity.clicked_unique': (data) => clicked(detailOf(data, 'url')),
  'activity.hard_bounced': (data) => bounced(true, detailOf(data, 'reason')),
  'activity.soft_bounced': (data) => bounced(false, detailOf(data, 'reason')),
  'activity.spam_complaint': () => complained,
  'activity.unsubscribed': () => unsubscribed
};

/**
 * MailerSend's webhooks ('Webhooks', 'Payload example'). The id of the message, which it answers as `x-message-id`, is in `email.message`;
 * another of its forms has it, the address and the details in `data` itself.
 */
export default defineMapper({
  kind: 'mailersend',
  name: 'MailerSend',
  delivers: EMAIL_FATES,
  documentation: 'https://developers.mailersend.com/api/v1/webhooks.html',
  signs: true,
  facts: ({ body, receivedAt }) =>
    factsOfJson(body, told, ({ type, created_at, data }) => {
      const fate = data && FATES[type]?.(data);
      if (!fate) return ok([]);
      const told = typeof data.email === 'object' ? data.email : undefined;
      const messageId = told?.message.id ?? data.message_id;
      if (messageId === null) return ok([]);
      const reader = told?.recipient.email ?? (typeof data.email === 'string' ? data.email : null);
      const posted = v.safeParse(isoInstant, created_at);
      const at = data.created_at ?? (posted.success ? posted.output : receivedAt);
      const tags = told?.tags ?? data.tags ?? [];
      return ok(emailFacts('mailersend', fate, { messageId, email: reader, tags, at }));
    })
});

function detailOf({ morph, meta }: Told, key: 'url' | 'reason'): string | null {
  for (const part of [morph, meta]) if (part && !Array.isArray(part) && part[key] !== null) return part[key];
  return null;
}
