import * as v from 'valibot';
import { defineMapper, type IncomingFact } from '$lib/core/sources';
import { conversationEnded, conversationMessageReceived, conversationStarted } from '$lib/core/events/conversations';
import { customEvent } from '$lib/core/events/custom';
import { ok } from '$lib/core/result';
import { factsOf, factsOfJson, optionalText } from './payload';

const told = v.looseObject({ event: v.string(), timestamp: v.number(), data: v.optional(v.unknown()) });
const session = v.object({
  session_id: v.string(),
  email: optionalText,
  state: optionalText,
  from: optionalText,
  origin: optionalText,
  type: optionalText,
  content: v.optional(v.unknown()),
  fingerprint: v.nullish(v.number(), null)
});

/**
 * Crisp's web hooks ('Web Hooks Reference (V1)'). A message does not say whose the session is: `session:set_email` does, once, and what
 * was written in it before becomes theirs, as of a visitor of the site.
 */
export default defineMapper({
  kind: 'crisp',
  name: 'Crisp',
  delivers: [conversationEnded.type, conversationMessageReceived.type, conversationStarted.type, customEvent.type],
  documentation: 'https://docs.crisp.chat/references/web-hooks/v1/',
  signs: false,
  facts: ({ body }) =>
    factsOfJson(body, told, ({ event, timestamp, data }) =>
      /^(message:(send|received)|session:set_(email|state))$/.test(event)
        ? factsOf(data, session, (it) => ok(factsOfEvent(event, it, timestamp)), 'data')
        : ok([])
    )
});

function factsOfEvent(event: string, it: v.InferOutput<typeof session>, at: number): IncomingFact[] {
  const { session_id: visitor, email } = it;
  const shared = { conversationId: visitor, source: it.origin === 'email' ? 'email' : 'chat' };
  const fact = (type: string, key: string, properties: object): IncomingFact => ({
    type,
    occurredAt: at,
    properties: { ...properties },
    dedupeKey: `crisp:${visitor}:${key}`,
    person: { visitor, ...(email ? { email } : {}) }
  });
  switch (event) {
    case 'session:set_email':
      return email ? [fact(customEvent.type, `email:${email.toLowerCase()}`, { name: 'identify', via: 'crisp' })] : [];
    case 'session:set_state':
      return it.state === 'resolved' ? [fact(conversationEnded.type, `ended:${at}`, shared)] : [];
    default: {
      const text = it.type === 'text' && typeof it.content === 'string' ? it.content : '';
      const direction = it.from === 'operator' ? 'to' : 'from';
      const message = fact(conversationMessageReceived.type, `message:${it.fingerprint ?? at}`, {
        ...shared,
        text,
        direction
      });
      return [fact(conversationStarted.type, 'started', shared), message];
    }
  }
}
