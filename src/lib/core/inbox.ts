import * as v from 'valibot';

/*
 * What the user's relay keeps for the app until it has fetched it, and how both speak of it. The relay stores what it was posted and
 * checks only who posted it; what it means is the app's to say.
 *
 * All of it is JSON over HTTPS, with the user's secret in the header `authorization: Bearer …`, except where it says otherwise:
 * - `GET /` says who it is: `RelayHello`, with the secret or without.
 * - `PUT /sources/{id}` `InboxSource` and `DELETE /sources/{id}` say who may post: 204. `GET /sources`: `InboxSources`.
 * - `POST /in/{id}` is what the outside posts to, without the user's secret and from any page: 202 once it is kept (Aircall wants 200).
 *   A beacon sends text/plain, whatever is in it: with it go cookies, which the relay's preflight does not allow.
 * - `GET /inbox?after={seq}&limit={n}`: `InboxPage`, oldest first; `limit` from 1 to 1000, 500 where it is not said. A page
 *   may hold fewer, of large items: `more` says whether others wait. Numbers only rise, also where the user starts with a new database.
 * - `POST /inbox/acknowledged` `InboxAcknowledged` removes what the app has committed: 204.
 * - `GET /track.js` is the tracker, for the pages of the user's site. What it posts to `/in/{id}` is written in core/tracking.ts.
 * - `{any method} /pass/{host}/{path}`: passed on to `https://{host}/{path}` where the host is one of those that are allowed. Here the
 *   user's secret is in the header `x-ricochet-secret`, since `authorization` is the provider's; all other headers are passed on, but
 *   those that tell of the caller. The answer is the provider's, unless it has the header `x-ricochet-refusal`.
 *
 * What the relay itself refuses has an HTTP status from 400 on, a `RelayRefusal` as its body, and its `error` as `x-ricochet-refusal`.
 */

export const RELAY_NAME = 'ricochet-relay';
/** Of this contract: a relay with another one has to be pasted anew. */
export const RELAY_VERSION = 5;
/** For `/pass` alone. */
export const SECRET_HEADER = 'x-ricochet-secret';
/** Tells a 401 or 429 of the relay from one of the provider. */
export const REFUSAL_HEADER = 'x-ricochet-refusal';

/** Who posts, which says how it proves that it is it. `pages`: the relay itself, of what is done on the pages that it shows (pages.ts). */
export const INBOX_KINDS = [
  'aircall', 'brevo', 'calcom', 'calendly', 'crisp', 'generic', 'intercom', 'mailersend', 'mailgun', 'mailjet',
  'onesignal', 'pages', 'paypal', 'postmark', 'resend', 'ringover', 'scaleway', 'sendgrid', 'ses', 'shopify', 'sparkpost', 'stripe',
  'tracker', 'twilio', 'wonderpush', 'woocommerce'
] as const; // prettier-ignore

/** Of a source, and part of the address that the outside posts to: random, since for kinds that sign nothing it is what proves them. */
export const sourceId = v.pipe(v.string(), v.regex(/^[\w-]{22,128}$/));

/**
 * `secret`: what the vendor signs with, or `user:password` of basic authorization; empty where the address alone proves it. Kinds that
 * sign may be told theirs later, when the vendor has shown it: until then what is posted is refused.
 */
export const inboxSource = v.object({ kind: v.picklist(INBOX_KINDS), secret: v.string() });
export type InboxKind = (typeof INBOX_KINDS)[number];
export type InboxSource = v.InferOutput<typeof inboxSource>;

/** Without their secrets, which are never given back. */
export const inboxSources = v.object({ sources: v.array(v.object({ id: sourceId, kind: v.picklist(INBOX_KINDS) })) });
export type InboxSources = v.InferOutput<typeof inboxSources>;

/** One thing that was posted. `receivedAt` in epoch ms by the relay's clock; `body` as it came, at most 256 KiB of text. */
export const inboxItem = v.object({
  seq: v.pipe(v.number(), v.safeInteger()),
  sourceId: v.string(),
  kind: v.picklist(INBOX_KINDS),
  receivedAt: v.pipe(v.number(), v.safeInteger()),
  contentType: v.string(),
  body: v.string()
});
export type InboxItem = v.InferOutput<typeof inboxItem>;

export const inboxPage = v.object({ items: v.array(inboxItem), more: v.boolean() });
export type InboxPage = v.InferOutput<typeof inboxPage>;

export const inboxAcknowledged = v.object({ upTo: v.pipe(v.number(), v.safeInteger(), v.minValue(0)) });
export type InboxAcknowledged = v.InferOutput<typeof inboxAcknowledged>;

/** `isKnown`: the secret was right. `now`: its clock, in epoch ms. */
export const relayHello = v.object({
  name: v.literal(RELAY_NAME),
  version: v.number(),
  isKnown: v.boolean(),
  now: v.pipe(v.number(), v.safeInteger())
});
export type RelayHello = v.InferOutput<typeof relayHello>;

/** `error` for the app, `message` in plain English for whoever looks at the answer by hand. */
export const relayRefusal = v.object({ error: v.string(), message: v.string() });
export type RelayRefusal = v.InferOutput<typeof relayRefusal>;
