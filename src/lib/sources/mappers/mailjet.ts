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

const told = v.looseObject({
  event: v.string(),
  time: v.number(),
  MessageID: v.optional(v.string()),
  email: optionalText,
  customcampaign: optionalText,
  url: optionalText,
  hard_bounce: v.nullish(v.boolean(), null),
  error: optionalText,
  comment: optionalText
});
type Told = v.InferOutput<typeof told>;
const grouped = v.pipe(v.array(told), v.minLength(1));
// A union would not say which field is wrong.
const post = v.lazy((value) => (Array.isArray(value) ? grouped : told));

const FATES: Readonly<Record<string, (told: Told) => Fate>> = {
  // 'The message was successfully delivered to its destination.'
  sent: () => delivered,
  open: () => opened(),
  click: ({ url }) => clicked(url),
  bounce: ({ hard_bounce, comment, error }) => bounced(hard_bounce === true, comment || error),
  spam: () => complained,
  unsub: () => unsubscribed
};

/** Mailjet's Event API ('Event tracking (webhooks)'): one event in a post, or a list of them where they are grouped. */
export default defineMapper({
  kind: 'mailjet',
  name: 'Mailjet',
  delivers: EMAIL_FATES,
  documentation: 'https://dev.mailjet.com/email/guides/webhooks/',
  signs: false,
  facts: ({ body }) => factsOfJson(withTextIds(body), post, (posts) => ok([posts].flat().flatMap(factsOfOne)))
});

/** Mailjet's numbers of messages are too large for JSON's numbers in JavaScript: they are read as text. */
export function withTextIds(json: string): string {
  return json.replace(/("(?:Message)?ID"\s*:\s*)(\d+)/g, '$1"$2"');
}

function factsOfOne(post: Told): IncomingFact[] {
  const { MessageID: messageId, email, customcampaign, time } = post;
  const fate = FATES[post.event]?.(post);
  if (!fate || messageId === undefined) return [];
  return emailFacts('mailjet', fate, {
    messageId,
    email,
    isKeyedByMessage: true,
    tags: customcampaign ? [customcampaign] : [],
    at: time * SECOND
  });
}
