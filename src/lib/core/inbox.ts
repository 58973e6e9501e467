import * as v from 'valibot';

/*
 * What the user's relay keeps for the app until it has fetched it, and how both speak of it. The relay stores what it was posted and
 * checks only who posted it; what it means is the app's to say.
 *
 * All of it is JSON over HTTPS, with the user's secret in the header `authorization: Bearer …`:
 * - `GET /` says who it is: `RelayHello`, with the secret or without.
 * - `PUT /sources/{id}` `InboxSource` and `DELETE /sources/{id}` say who may post; `GET /sources` lists their ids.
 * - `POST /in/{id}` is what the outside posts to, without the user's secret: 202 once it is kept.
 * - `GET /inbox?after={seq}&limit={n}`: `InboxPage`, oldest first.
 * - `POST /inbox/acknowledged` `{ upTo: seq }` removes what the app has committed.
 * - `{any method} /pass/{host}/{path}`: passed on to `https://{host}/{path}` where the host is one of those that are allowed.
 */

export const RELAY_NAME = 'ricochet-relay';
/** Of this contract: a relay with another one has to be pasted anew. */
export const RELAY_VERSION = 1;

/** Who posts, which says how it proves that it is it. */
export const INBOX_KINDS = [
  'aircall', 'brevo', 'calcom', 'calendly', 'crisp', 'forms', 'generic', 'intercom', 'mailersend', 'mailgun', 'mailjet',
  'onesignal', 'paypal', 'postmark', 'resend', 'ringover', 'scaleway', 'sendgrid', 'ses', 'shopify', 'sparkpost', 'stripe',
  'tracker', 'twilio', 'wonderpush', 'woocommerce'
] as const; // prettier-ignore

/**
 * `id` is part of the address that the outside posts to: long and random, since for kinds that sign nothing it is what proves them.
 * `secret`: what the vendor signs with, or the password of basic authorization; empty where the address alone proves it.
 */
export const inboxSource = v.object({ kind: v.picklist(INBOX_KINDS), secret: v.string() });
export type InboxKind = (typeof INBOX_KINDS)[number];
export type InboxSource = v.InferOutput<typeof inboxSource>;

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

/** `isKnown`: the secret was right. `now`: its clock, in epoch ms. */
export const relayHello = v.object({
  name: v.literal(RELAY_NAME),
  version: v.number(),
  isKnown: v.boolean(),
  now: v.pipe(v.number(), v.safeInteger())
});
export type RelayHello = v.InferOutput<typeof relayHello>;
