import * as v from 'valibot';
import { defineMapper, type IncomingFact } from '$lib/core/sources';
import { emailBounced, emailComplained, emailDelivered, emailLinkClicked, emailOpened } from '$lib/core/events/emails';
import { ok } from '$lib/core/result';
import { factsOfJson, isoInstant, optionalText } from './payload';

const told = v.object({
  type: v.string(),
  created_at: isoInstant,
  data: v.looseObject({
    email_id: v.optional(v.string()),
    to: v.optional(v.array(v.string()), []),
    click: v.nullish(v.object({ link: v.string(), timestamp: isoInstant }), null),
    bounce: v.nullish(v.object({ type: optionalText, message: optionalText }), null)
  })
});
type Told = v.InferOutput<typeof told>['data'];

const EVENTS: Readonly<Record<string, { type: string; more?: (told: Told) => Record<string, unknown> }>> = {
  'email.delivered': { type: emailDelivered.type },
  'email.opened': { type: emailOpened.type, more: () => ({ machineOpen: false }) },
  'email.clicked': { type: emailLinkClicked.type, more: ({ click }) => ({ url: click?.link ?? '' }) },
  'email.complained': { type: emailComplained.type },
  'email.bounced': {
    type: emailBounced.type,
    // Resend sends this one for good alone, but for what it calls transient.
    more: ({ bounce }) => ({ hard: bounce?.type !== 'Transient', reason: bounce?.message ?? '' })
  }
};

/** Resend's webhooks ('Event types'): what became of an email of ours. */
export default defineMapper({
  kind: 'resend',
  name: 'Resend',
  delivers: [...new Set(Object.values(EVENTS).map(({ type }) => type))],
  documentation: 'https://resend.com/docs/webhooks/event-types',
  signs: true,
  facts: ({ body }) =>
    factsOfJson(body, told, ({ type, created_at, data }) => {
      const known = EVENTS[type];
      if (!known || data.email_id === undefined) return ok([]);
      const at = data.click?.timestamp ?? created_at;
      const fact: IncomingFact = {
        type: known.type,
        occurredAt: at,
        properties: { messageId: data.email_id, tag: '', ...known.more?.(data) },
        dedupeKey: `resend:${type}:${data.email_id}:${at}`,
        person: { messageId: data.email_id, ...(data.to[0] === undefined ? {} : { email: data.to[0] }) }
      };
      return ok([fact]);
    })
});
