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

/** An event as Mailgun writes it, in a post ('Event structure') and in what it answers about a domain. */
export const mailgunEvent = v.looseObject({
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
type Data = v.InferOutput<typeof mailgunEvent>;

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
    factsOfJson(body, v.object({ 'event-data': mailgunEvent }), ({ 'event-data': event }) =>
      ok(factsOfMailgunEvent(event))
    )
});

/** None of what is of no concern here. */
export function factsOfMailgunEvent(event: Data): IncomingFact[] {
  const id = event.message?.headers?.['message-id'] ?? null;
  const fate = FATES[event.event]?.(event);
  if (!fate || id === null) return [];
  const at = Math.round(event.timestamp * SECOND);
  const messageId = id.startsWith('<') ? id : `<${id}>`;
  return emailFacts('mailgun', fate, { messageId, email: event.recipient, tags: event.tags ?? [], at });
}
