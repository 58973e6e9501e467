import { markup } from '$lib/core/markup';
import { profilePayload } from '$lib/core/pages';
import type { Context } from '../platform';
import type { Store } from '../store';
import { formPage, personal, publishedAs, takeIn, type Shown } from './forms';
import { page } from './page';
import { languageOf, nothingPublished, says, siteOf } from './site';
import { payloadOf } from './tokens';

/** `GET /p/{token}`: the form for the reader of an email, empty: nobody else who gets hold of the link learns anything by it. */
export async function showProfile(request: Request, token: string, store: Store): Promise<Response> {
  const opened = await openedBy(request, token, store);
  return opened instanceof Response ? opened : formPage(opened);
}

/** `POST /p/{token}`. */
export async function handInProfile(
  request: Request,
  token: string,
  store: Store,
  context: Context
): Promise<Response> {
  const opened = await openedBy(request, token, store);
  return opened instanceof Response ? opened : takeIn(request, opened, store, context);
}

async function openedBy(request: Request, token: string, store: Store): Promise<Shown | Response> {
  const site = await siteOf(store);
  if (site === null) return nothingPublished();
  const payload = await payloadOf(token, 'p', site.key, profilePayload);
  const form = payload === null ? null : await publishedAs(payload[1], store);
  if (payload === null || form === null) return says(site, 'unknown', 404, languageOf(request, site));
  const [language, id, outboxId, until] = payload;
  if (Date.now() > Number(until)) {
    // The open form does the same, but for a confirmation by email.
    const body = markup`<p><a href="/f/${id}">${form.title}</a></p>`;
    return page({ language, look: site.look, status: 410, ...site.texts[language].lapsed, body });
  }
  return {
    id,
    site,
    form: personal(form),
    action: `/p/${token}`,
    sourceId: `p-${token.slice(token.indexOf('.') + 1)}`,
    mayBeFramed: false,
    postOf: ({ values, consent }) => ({ page: 'profile', formId: id, outboxId, values, consent })
  };
}
