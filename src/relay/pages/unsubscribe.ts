import { markup } from '$lib/core/markup';
import { unsubscribePayload, type PagePost, type PublishedSite, type UnsubscribePayload } from '$lib/core/pages';
import { refusal } from '../answers';
import { bytesUpTo, KIB } from '../bodies';
import type { Store } from '../store';
import { keptOnce, sourceOf } from './kept';
import type { Context } from '../platform';
import { page } from './page';
import { languageOf, nothingPublished, says, siteOf } from './site';
import { payloadOf } from './tokens';

/** What a mail program or our button sends is far smaller; nothing in it is looked at. */
const LIMIT = 16 * KIB;

/** `GET /u/{token}`: asks, and does nothing. */
export async function askToUnsubscribe(request: Request, token: string, store: Store): Promise<Response> {
  const site = await siteOf(store);
  if (site === null) return nothingPublished();
  const payload = await payloadOf(token, 'u', site.key, unsubscribePayload);
  if (payload === null) return unknown(request, site);
  const [language] = payload;
  const { button, ...said } = site.texts[language].unsubscribe;
  const body = markup`<form method="post"><button>${button}</button></form>`;
  return page({ language, look: site.look, ...said, body });
}

/** `POST /u/{token}`: by the button, or by a mail program's own (RFC 8058), which shows no answer. */
export async function unsubscribe(request: Request, token: string, store: Store, context: Context): Promise<Response> {
  const opened = await openedBy(request, token, store);
  if (opened instanceof Response) return opened;
  const { site, payload } = opened;
  const [language, contactId, outboxId] = payload;
  const post: PagePost = { page: 'unsubscribe', contactId, outboxId };
  if (!(await keptOnce('u', token, post, store, context))) return says(site, 'failed', 503, language);
  const { button, ...said } = site.texts[language].unsubscribed;
  const body = markup`<form method="post" action="/u/${token}/back"><button>${button}</button></form>`;
  return page({ language, look: site.look, ...said, body });
}

/** `POST /u/{token}/back`: it was a mistake. Whether it can be taken back is the app's to say. */
export async function resubscribe(request: Request, token: string, store: Store, context: Context): Promise<Response> {
  const opened = await openedBy(request, token, store);
  if (opened instanceof Response) return opened;
  const { site, payload } = opened;
  const [language, contactId, outboxId] = payload;
  const post: PagePost = { page: 'resubscribe', contactId, outboxId };
  if (!(await keptOnce('b', token, post, store, context))) return says(site, 'failed', 503, language);
  // Whoever leaves once more in the same minute has to be heard.
  await store.forgetShare(sourceOf('u', token));
  return says(site, 'resubscribed', 200, language);
}

async function openedBy(
  request: Request,
  token: string,
  store: Store
): Promise<{ readonly site: PublishedSite; readonly payload: UnsubscribePayload } | Response> {
  const site = await siteOf(store);
  if (site === null) return nothingPublished();
  const payload = await payloadOf(token, 'u', site.key, unsubscribePayload);
  if (payload === null) return unknown(request, site);
  const bytes = await bytesUpTo(request, LIMIT);
  return bytes === null ? refusal(413, 'too_large', 'The body is larger than 16 KiB.') : { site, payload };
}

function unknown(request: Request, site: PublishedSite): Promise<Response> {
  return says(site, 'unknown', 404, languageOf(request, site));
}
