import { markup } from '$lib/core/markup';
import { confirmPayload, type ConfirmPayload, type PublishedSite } from '$lib/core/pages';
import { refusal } from '../answers';
import { bytesUpTo, KIB } from '../bodies';
import type { Context } from '../platform';
import type { Store } from '../store';
import { publishedAs } from './forms';
import { keptOnce } from './kept';
import { page } from './page';
import { languageOf, nothingPublished, says, siteOf } from './site';
import { payloadOf } from './tokens';

/** What our button sends is far smaller; nothing in it is looked at. */
const LIMIT = 16 * KIB;

/** `GET /c/{token}`: asks, and does nothing, since programs look at links before readers do. */
export async function askToConfirm(request: Request, token: string, store: Store): Promise<Response> {
  const opened = await openedBy(request, token, store);
  if (opened instanceof Response) return opened;
  const { site, language } = opened;
  const { button, ...said } = site.texts[language].confirm;
  return page({
    language,
    look: site.look,
    ...said,
    body: markup`<form method="post"><button>${button}</button></form>`
  });
}

/** `POST /c/{token}`: by the button. */
export async function confirm(request: Request, token: string, store: Store, context: Context): Promise<Response> {
  const opened = await openedBy(request, token, store);
  if (opened instanceof Response) return opened;
  const { site, language, optInId, formId } = opened;
  if ((await bytesUpTo(request, LIMIT)) === null) return refusal(413, 'too_large', 'The body is larger than 16 KiB.');
  if (!(await keptOnce('c', token, { page: 'confirm', optInId }, store, context)))
    return says(site, 'failed', 503, language);
  const thanks = (await publishedAs(formId, store))?.confirmed;
  if (thanks === undefined) return says(site, 'confirmed', 200, language);
  return page({ language, look: site.look, title: site.texts[language].confirmed.title, lead: thanks });
}

interface Opened {
  readonly site: PublishedSite;
  readonly language: ConfirmPayload[0];
  readonly optInId: string;
  readonly formId: string;
}

async function openedBy(request: Request, token: string, store: Store): Promise<Opened | Response> {
  const site = await siteOf(store);
  if (site === null) return nothingPublished();
  const payload = await payloadOf(token, 'c', site.key, confirmPayload);
  if (payload === null) return says(site, 'unknown', 404, languageOf(request, site));
  const [language, optInId, formId, until] = payload;
  return Date.now() > Number(until) ? says(site, 'lapsed', 410, language) : { site, language, optInId, formId };
}
