import * as v from 'valibot';
import { colourSchema } from './rows/emails';

/*
 * The pages that the user's relay shows to everybody, as the app has published them, and what is done on them. Their texts, colours and
 * questions come from the app; what they look like is the relay's. With the user's secret, as in inbox.ts:
 * - `PUT /pages` `PublishedSite`: what all pages share: 204.
 * - `PUT /forms/{id}` `PublishedForm` and `DELETE /forms/{id}`: 204.
 *
 * For everybody, in a browser and without a script:
 * - `GET /u/{token}` asks whether to unsubscribe and does nothing else, since programs look at links before readers do. `POST /u/{token}`
 *   unsubscribes, whatever its body is, so that mail programs may do it too (RFC 8058). It is kept in the inbox as a `PagePost`.
 *   `POST /u/{token}/back` takes it back, by a button on the page that has thanked.
 *
 * `GET /f/{id}` shows a form, `POST /f/{id}` hands it in: form-encoded, or JSON with the same names. What is in order is kept as a
 * `PagePost`; what is not is shown once more, with what is wrong. Whoever asks for JSON gets `FormAnswer`. `GET /forms.js` is a script for
 * sites, with which their forms are handed in without leaving the page.
 *
 * `GET /c/{token}` asks whoever reads an address whether the form was filled in by them, shows what was, and does nothing else; `POST
 * /c/{token}` confirms it, `POST /c/{token}/no` says that it was not them. `GET /c/{token}/own` shows them the form, empty, and `POST
 * /c/{token}/own` hands it in: their own answers count at once, instead of those that they were asked about.
 *
 * `GET /p/{token}` shows a form to the reader of an email of ours, whose address it need not ask for; `POST /p/{token}` hands it in, as
 * `POST /f/{id}` does. Nothing is shown there of what is known of them, and it may be used until it lapses.
 *
 * A token is `{payload}.{signature}` in base64url: JSON, and its HMAC-SHA-256 with the site's key over `{page}.{payload}`, so that a token
 * of one page opens no other. It names nobody but by ids of the app's own: what was typed into a form, which `/c` shows, is encrypted in it.
 */

/** The pages that are opened by a token, as they stand in addresses. */
export type TokenPage = 'u' | 'c' | 'p';

const language = v.picklist(['fr', 'en']);
export type PageLanguage = v.InferOutput<typeof language>;

const line = v.pipe(v.string(), v.maxLength(300));
const paragraph = v.pipe(v.string(), v.maxLength(2_000));

/** A page that says something, and one that asks it. */
const saying = v.object({ title: line, lead: paragraph });
const asking = v.object({ title: line, lead: paragraph, button: line });

/** Around what was filled in. `rest`: that there is more of it than is shown. `agreed`: above what was agreed to. */
const aboutAnswers = v.object({ title: line, rest: line, agreed: line, refuse: line, own: line });

/** Of all forms. `trap`: the label of a field that nobody sees and only programs fill in. */
export const formTexts = v.object({
  optional: line,
  trap: line,
  missing: line,
  notEmail: line,
  notFitting: line,
  consentMissing: line,
  /** It was handed in faster than anybody types, or too long after it was shown. */
  again: line,
  /** Above a form of which something is wrong. */
  wrong: line,
  /** What a form says where its maker has said nothing. */
  email: line,
  phone: line,
  send: line,
  thanks: line,
  /** Instead of the thanks, where the address has to be confirmed first. */
  checkMail: line
});
export type FormTexts = v.InferOutput<typeof formTexts>;

/** Optional is what apps did not say before version 5 of the relay: pages that they have published are shown without it. */
export const siteTexts = v.object({
  form: formTexts,
  unsubscribe: asking,
  /** With a button that takes it back. */
  unsubscribed: asking,
  resubscribed: saying,
  confirm: v.object({ ...asking.entries, answers: v.optional(aboutAnswers) }),
  confirmed: saying,
  /** It was not them. */
  refused: v.optional(saying),
  /** The token was good for some days. */
  lapsed: saying,
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

/**
 * Of `/c`: the language of the email, the opt-in, its form, until when it can be confirmed, in epoch ms, and what was filled in:
 * `ShownAnswers` as JSON, in base64url of the 12 bytes of a nonce and of AES-256-GCM under HMAC-SHA-256(the site's key, `SEALING`).
 * Emails of older versions have none.
 */
export const confirmPayload = v.tuple([
  language,
  v.string(),
  v.string(),
  v.pipe(v.string(), v.regex(/^\d{1,15}$/)),
  v.optional(v.string())
]);
export const SEALING = 'what was filled in';
export type ConfirmPayload = v.InferOutput<typeof confirmPayload>;

/** What was filled in, for whoever is asked whether it was them: each answer with its question. `hasMore`: not all of it is here. */
export const shownAnswers = v.object({ answers: v.array(v.tuple([line, line])), hasMore: v.boolean() });
export type ShownAnswers = v.InferOutput<typeof shownAnswers>;

/** Of `/p`: the language of the email, the form, the row of the outbox whose reader it is, and until when it is good, in epoch ms. */
export const profilePayload = v.tuple([language, v.string(), v.string(), v.pipe(v.string(), v.regex(/^\d{1,15}$/))]);
export type ProfilePayload = v.InferOutput<typeof profilePayload>;

/** How long the link to a form in an email is good, in ms. */
export const PROFILE_LINK_LASTS = 90 * 24 * 3_600_000;

/** The id of a form, as the app makes it. */
export const publishedId = v.pipe(v.string(), v.regex(/^[\w-]{1,100}$/));

/** The name of a field, in the form and in what is handed in. */
const fieldId = v.pipe(v.string(), v.regex(/^[\w-]{1,100}$/));
export const CONSENT_FIELD = 'consent';
/** Nobody sees it: what fills it in is a program. */
export const TRAP_FIELD = 'website';

export const publishedField = v.object({
  id: fieldId,
  label: line,
  help: paragraph,
  required: v.boolean(),
  input: v.picklist(['text', 'email', 'tel', 'number', 'date', 'yesNo', 'choice', 'choices']),
  /** Of a choice. */
  options: v.optional(v.array(v.object({ id: v.string(), name: v.string() })))
});
export type PublishedField = v.InferOutput<typeof publishedField>;

const longText = v.pipe(v.string(), v.maxLength(5_000));

/** A form as everybody sees it. `consent` empty: nothing has to be agreed to. `confirmed`: what is said once the address is confirmed. */
export const publishedForm = v.object({
  language,
  title: longText,
  intro: longText,
  fields: v.array(publishedField),
  consent: longText,
  button: longText,
  thanks: longText,
  confirmed: v.optional(longText)
});
export type PublishedForm = v.InferOutput<typeof publishedForm>;

/** What a script gets: what is said in the form's place, or what is wrong, by the names of the fields. */
export type FormAnswer =
  { readonly thanks: string } | { readonly wrong: string; readonly problems: Readonly<Record<string, string>> };

/** What was filled in. `values` by the ids of the form's fields. */
const filledIn = {
  formId: v.string(),
  values: v.record(v.string(), v.union([v.string(), v.array(v.string())])),
  consent: v.boolean()
};

/** The body of an item of the inbox of kind `pages`. */
export const pagePost = v.variant('page', [
  v.object({ page: v.literal('unsubscribe'), contactId: v.string(), outboxId: v.string() }),
  v.object({ page: v.literal('form'), ...filledIn }),
  v.object({ page: v.literal('profile'), outboxId: v.string(), ...filledIn }),
  v.object({ page: v.literal('confirm'), optInId: v.string() }),
  v.object({ page: v.literal('refuse'), optInId: v.string() }),
  v.object({ page: v.literal('own'), optInId: v.string(), ...filledIn }),
  v.object({ page: v.literal('resubscribe'), contactId: v.string(), outboxId: v.string() })
]);
export type PagePost = v.InferOutput<typeof pagePost>;

/** What stands in an email for the address of each page. */
const UNSIGNED: Readonly<Record<TokenPage, string>> = { u: 'unsubscribe', c: 'confirm', p: 'profile' };

/** Where an email leads until it is sent: only then the address is signed, since signing takes time. */
export function unsigned(page: Exclude<TokenPage, 'p' | 'c'>, of: PageLanguage): string {
  return `https://${UNSIGNED[page]}.invalid/${of}`;
}

/** The same of a form. */
export function unsignedProfile(of: PageLanguage, formId: string): string {
  return `https://${UNSIGNED.p}.invalid/${of}/${formId}`;
}

/** The same of an address to confirm, with what its reader is asked about; none of it leaves like this. */
export function unsignedConfirm(of: PageLanguage, answers: ShownAnswers): string {
  const encoded = encodeURIComponent(JSON.stringify(answers)).replace(/[!'()*~]/g, (sign) => `%${hex(sign)}`);
  return `https://${UNSIGNED.c}.invalid/${of}/${encoded}`;
}

/** What stands in such an address, as `unsignedPattern` finds it; null of one without answers. */
export function answersIn(encoded: string | undefined): ShownAnswers | null {
  return encoded === undefined || encoded === ''
    ? null
    : v.parse(shownAnswers, JSON.parse(decodeURIComponent(encoded)));
}

const REST: Readonly<Record<TokenPage, string>> = {
  u: '',
  c: String.raw`(?:/([\w.%-]*))?`,
  p: String.raw`/([\w-]{1,100})`
};

/** Finds the above, in its first group the language, and in the second the form, or the answers. */
export function unsignedPattern(page: TokenPage): RegExp {
  return new RegExp(`https://${UNSIGNED[page]}\\.invalid/(fr|en)${REST[page]}`, 'g');
}

function hex(sign: string): string {
  return sign.charCodeAt(0).toString(16).toUpperCase();
}
