import * as v from 'valibot';
import { defineMapper, type IncomingFact } from '$lib/core/sources';
import { conversationEnded, conversationMessageReceived, conversationStarted } from '$lib/core/events/conversations';
import { SECOND, type Instant } from '$lib/core/instants';
import { ok } from '$lib/core/result';
import { textId } from './bought';
import { factsOf, factsOfJson, optionalText } from './payload';

const author = v.nullish(v.object({ type: optionalText, email: optionalText }), null);
const part = v.object({
  id: textId,
  part_type: optionalText,
  body: optionalText,
  created_at: v.nullish(v.number(), null),
  author
});
const conversation = v.object({
  id: textId,
  source: v.nullish(v.object({ type: optionalText, body: optionalText, author }), null),
  conversation_parts: v.nullish(v.object({ conversation_parts: v.array(part) }), null)
});
const told = v.looseObject({
  topic: v.string(),
  created_at: v.number(),
  data: v.optional(v.object({ item: v.unknown() }))
});
type Conversation = v.InferOutput<typeof conversation>;

const PEOPLE = new Set(['user', 'lead', 'contact', 'visitor']);

/** Intercom's webhooks ('Webhook topics', 'Conversation'). A conversation is of whoever wrote in it and is none of the team. */
export default defineMapper({
  kind: 'intercom',
  name: 'Intercom',
  delivers: [conversationEnded.type, conversationMessageReceived.type, conversationStarted.type],
  documentation: 'https://developers.intercom.com/docs/references/webhooks/webhook-models',
  signs: true,
  facts: ({ body }) =>
    factsOfJson(body, told, ({ topic, created_at, data }) =>
      topic.startsWith('conversation.')
        ? factsOf(data?.item, conversation, (it) => ok(factsOfTopic(topic, it, created_at * SECOND)), 'data.item')
        : ok([])
    )
});

function factsOfTopic(topic: string, it: Conversation, at: Instant): IncomingFact[] {
  const parts = it.conversation_parts?.conversation_parts ?? [];
  const authors = [it.source?.author, ...parts.map(({ author }) => author)];
  const email = authors.find((one) => one?.email && PEOPLE.has(one.type ?? ''))?.email;
  if (!email) return [];
  const shared = { conversationId: it.id, source: it.source?.type === 'email' ? 'email' : 'chat' };
  const fact = (type: string, key: string, properties: object = {}): IncomingFact => ({
    type,
    occurredAt: at,
    properties: { ...shared, ...properties },
    dedupeKey: `intercom:${it.id}:${key}`,
    person: { email }
  });
  const message = (key: string, html: string | null | undefined, direction: 'from' | 'to') =>
    fact(conversationMessageReceived.type, key, { text: plain(html ?? ''), direction });
  const last = parts.at(-1);
  switch (topic) {
    case 'conversation.user.created':
      return [fact(conversationStarted.type, 'started'), message('message', it.source?.body, 'from')];
    case 'conversation.user.replied':
      return [message(last?.id ?? String(at), last?.body, 'from')];
    case 'conversation.admin.replied':
      return [message(last?.id ?? String(at), last?.body, 'to')];
    case 'conversation.admin.closed':
      return [fact(conversationEnded.type, `ended:${at}`)];
    default:
      return [];
  }
}

/** It is HTML: as text, which is shown as text. */
function plain(html: string): string {
  return html
    .replace(/<br\s*\/?>|<\/p>/gi, '\n')
    .replace(/<[^>]*>/g, '')
    .replace(/&nbsp;/g, ' ')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&quot;/g, '"')
    .replace(/&#39;/g, "'")
    .replace(/&amp;/g, '&')
    .trim();
}
