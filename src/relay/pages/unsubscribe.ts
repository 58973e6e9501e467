import { markup } from '$lib/core/markup';
import { unsubscribePayload, type PagePost, type PublishedSite } from '$lib/core/pages';
import { refusal } from '../answers';
import { bytesUpTo, KIB } from '../bodies';
import type { Store } from '../store';
import { keptOnce } from './kept';
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
  const site = await siteOf(store);
  if (site === null) return nothingPublished();
  const payload = await payloadOf(token, 'u', site.key, unsubscribePayload);
  if (payload === null) return unknown(request, site);
  if ((await bytesUpTo(request, LIMIT)) === null) return refusal(413, 'too_large', 'The body is larger than 16 KiB.');
  const [language, contactId, outboxId] = payload;
  const post: PagePost = { page: 'unsubscribe', contactId, outboxId };
  const isKept = await keptOnce('u', token, post, store, context);
  return isKept ? says(site, 'unsubscribed', 200, language) : says(site, 'failed', 503, language);
}

function unknown(request: Request, site: PublishedSite): Promise<Response> {
  return says(site, 'unknown', 404, languageOf(request, site));
}
