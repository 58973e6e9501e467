import * as v from 'valibot';
import { colourSchema } from './rows/emails';

/*
 * The pages that the user's relay shows to everybody, as the app has published them, and what is done on them. Their texts, colours and
 * questions come from the app; what they look like is the relay's. With the user's secret, as in inbox.ts:
 * - `PUT /pages` `PublishedSite`: what all pages share: 204.
 *
 * For everybody, in a browser and without a script:
 * - `GET /u/{token}` asks whether to unsubscribe and does nothing else, since programs look at links before readers do. `POST /u/{token}`
 *   unsubscribes, whatever its body is, so that mail programs may do it too (RFC 8058). It is kept in the inbox as a `PagePost`.
 *
 * A token is `{payload}.{signature}` in base64url: JSON, and its HMAC-SHA-256 with the site's key over `{page}.{payload}`, so that a token
 * of one page opens no other. It names nobody but by ids of the app's own.
 */

/** The pages that are opened by a token, as they stand in addresses. */
export type TokenPage = 'u';

const language = v.picklist(['fr', 'en']);
export type PageLanguage = v.InferOutput<typeof language>;

const line = v.pipe(v.string(), v.maxLength(300));
const paragraph = v.pipe(v.string(), v.maxLength(2_000));

/** A page that says something, and one that asks it. */
const saying = v.object({ title: line, lead: paragraph });
const asking = v.object({ title: line, lead: paragraph, button: line });

export const siteTexts = v.object({
  unsubscribe: asking,
  unsubscribed: saying,
  /** The token is no token of this site. */
  unknown: saying,
  /** It could not be kept: to be tried again. */
  failed: saying
});
export type SiteTexts = v.InferOutput<typeof siteTexts>;

/** `onAccent` is what can be read on `accent`. `name` is whose pages they are; it may be empty. */
export const pageLook = v.object({
  name: line,
  accent: colourSchema,
  onAccent: colourSchema,
  text: colourSchema,
  background: colourSchema,
  surface: colourSchema
});
export type PageLook = v.InferOutput<typeof pageLook>;

/** What all pages share. `language` is that of the workspace. `key` signs the tokens: any text, as UTF-8. */
export const publishedSite = v.object({
  key: v.pipe(v.string(), v.minLength(22), v.maxLength(200)),
  language,
  look: pageLook,
  texts: v.object({ fr: siteTexts, en: siteTexts })
});
export type PublishedSite = v.InferOutput<typeof publishedSite>;

/** Of `/u`: the language of the email, its contact, and its row of the outbox. */
export const unsubscribePayload = v.tuple([language, v.string(), v.string()]);
export type UnsubscribePayload = v.InferOutput<typeof unsubscribePayload>;

/** The body of an item of the inbox of kind `pages`. */
export const pagePost = v.variant('page', [
  v.object({ page: v.literal('unsubscribe'), contactId: v.string(), outboxId: v.string() })
]);
export type PagePost = v.InferOutput<typeof pagePost>;

/** Where an email leads to unsubscribe until it is sent: only then the address is signed, since signing takes time. */
export function unsignedUnsubscribe(of: PageLanguage): string {
  return `https://unsubscribe.invalid/${of}`;
}

/** Finds the above, and in its group the language. */
export const UNSIGNED_UNSUBSCRIBE = /https:\/\/unsubscribe\.invalid\/(fr|en)/g;
