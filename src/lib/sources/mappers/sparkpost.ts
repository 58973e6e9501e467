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
import { factsOf, factsOfJson, optionalText } from './payload';

/** An event as SparkPost writes it, in a post and in what it answers about messages. */
export const sparkpostEvent = v.looseObject({
  type: v.string(),
  transmission_id: optionalText,
  rcpt_to: optionalText,
  rcpt_tags: v.nullish(v.array(v.string()), null),
  /** in seconds, as text; its answers have it as ISO 8601 */
  timestamp: v.pipe(v.union([v.string(), v.number()]), v.transform(secondsOf), v.number(), v.finite()),
  target_link_url: optionalText,
  bounce_class: v.nullish(v.union([v.string(), v.number()]), null),
  raw_reason: optionalText,
  reason: optionalText,
  user_agent_parsed: v.nullish(v.object({ is_prefetched: v.nullish(v.boolean(), null) }), null)
});
type Told = v.InferOutput<typeof sparkpostEvent>;

function secondsOf(timestamp: string | number): number {
  return typeof timestamp === 'string' && timestamp.includes('T') ? Date.parse(timestamp) / SECOND : Number(timestamp);
}

/** 'Bounce Classification Codes', category Hard: no such reader, and administratively unsubscribed. */
const HARD = new Set(['10', '30', '90']);

const bounce = ({ bounce_class, reason, raw_reason }: Told) =>
  bounced(HARD.has(String(bounce_class)), reason ?? raw_reason);
const open = ({ user_agent_parsed }: Told) => opened(user_agent_parsed?.is_prefetched === true);
const FATES: Readonly<Record<string, (told: Told) => Fate>> = {
  delivery: () => delivered,
  initial_open: open,
  open,
  click: ({ target_link_url }) => clicked(target_link_url),
  bounce,
  out_of_band: bounce,
  spam_complaint: () => complained,
  list_unsubscribe: () => unsubscribed,
  link_unsubscribe: () => unsubscribed
};

/** SparkPost's webhooks ('Event Types Reference'): many events in one post, each in an object named by its class; none where it tries. */
export default defineMapper({
  kind: 'sparkpost',
  name: 'SparkPost',
  delivers: EMAIL_FATES,
  documentation: 'https://developers.sparkpost.com/api/events/',
  signs: false,
  facts: ({ body }) => {
    const batch = v.pipe(v.array(v.object({ msys: v.record(v.string(), v.unknown()) })), v.minLength(1));
    return factsOfJson(body, batch, (posts) => {
      const events = posts.flatMap(({ msys }) => Object.values(msys));
      return factsOf(events, v.array(sparkpostEvent), (known) => ok(known.flatMap(factsOfSparkpostEvent)));
    });
  }
});

/** None of what is of no concern here. */
export function factsOfSparkpostEvent(post: Told): IncomingFact[] {
  const { transmission_id: messageId, rcpt_to: email, rcpt_tags, timestamp } = post;
  const fate = FATES[post.type]?.(post);
  if (!fate || messageId === null) return [];
  return emailFacts('sparkpost', fate, { messageId, email, tags: rcpt_tags ?? [], at: timestamp * SECOND });
}
