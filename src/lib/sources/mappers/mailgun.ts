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

const data = v.looseObject({
  event: v.string(),
  timestamp: v.number(),
  recipient: optionalText,
  tags: v.nullish(v.array(v.string()), null),
  message: v.nullish(v.object({ headers: v.nullish(v.object({ 'message-id': optionalText }), null) }), null),
  url: optionalText,
  severity: optionalText,
  reason: optionalText,
  'delivery-status': v.nullish(v.object({ message: optionalText, description: optionalText }), null),
  'client-info': v.nullish(v.object({ bot: optionalText }), null)
});
type Data = v.InferOutput<typeof data>;

/** For good, but not of the address: `old` was tried until it was too late. */
const NOT_OF_THE_ADDRESS = new Set(['old', 'suppress-unsubscribe', 'suppress-complaint']);

const FATES: Readonly<Record<string, (data: Data) => Fate>> = {
  delivered: () => delivered,
  opened: ({ 'client-info': client }) => opened((client?.bot ?? '') !== ''),
  clicked: ({ url }) => clicked(url),
  failed: ({ severity, reason, 'delivery-status': status }) => {
    const said = [status?.message, status?.description, reason].find((text) => text) ?? '';
    return bounced(severity === 'permanent' && !NOT_OF_THE_ADDRESS.has(reason ?? ''), said);
  },
  complained: () => complained,
  unsubscribed: () => unsubscribed
};

/** Mailgun's webhooks ('Webhook Payloads'). It writes ids without the brackets that it answers a message with. */
export default defineMapper({
  kind: 'mailgun',
  name: 'Mailgun',
  delivers: EMAIL_FATES,
  documentation: 'https://documentation.mailgun.com/docs/mailgun/user-manual/webhooks/webhook-payloads',
  signs: true,
  facts: ({ body }) =>
    factsOfJson(body, v.object({ 'event-data': data }), ({ 'event-data': post }) => {
      const id = post.message?.headers?.['message-id'] ?? null;
      const fate = FATES[post.event]?.(post);
      if (!fate || id === null) return ok([]);
      const at = Math.round(post.timestamp * SECOND);
      const messageId = id.startsWith('<') ? id : `<${id}>`;
      return ok(emailFacts('mailgun', fate, { messageId, email: post.recipient, tags: post.tags ?? [], at }));
    })
});
