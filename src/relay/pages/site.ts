import { publishedSite, type PageLanguage, type PublishedSite } from '$lib/core/pages';
import * as v from 'valibot';
import { done, refusal } from '../answers';
import { KIB, sent } from '../bodies';
import type { Store } from '../store';
import { page } from './page';

const SITE = 'site';

/** `PUT /pages`: from now on the pages look like that. */
export async function putSite(request: Request, store: Store): Promise<Response> {
  const site = await sent(request, publishedSite, 64 * KIB);
  if (site === null) return refusal(400, 'bad_body', 'The body is not what all pages share.');
  await store.publish(SITE, site);
  return done(204);
}

/** What all pages share; null where nothing is published, or by a version of the app that this relay does not go with. */
export async function siteOf(store: Store): Promise<PublishedSite | null> {
  const parsed = v.safeParse(publishedSite, await store.published(SITE));
  return parsed.success ? parsed.output : null;
}

export function nothingPublished(): Response {
  return refusal(404, 'nothing_published', 'The app has published no pages here yet.');
}

/** A page that only says something. */
export function says(
  site: PublishedSite,
  what: 'resubscribed' | 'confirmed' | 'lapsed' | 'unknown' | 'failed',
  status: number,
  language: PageLanguage = site.language
): Promise<Response> {
  return page({ language, look: site.look, status, ...site.texts[language][what] });
}

/** What the reader's browser asks for, where the address does not say it. */
export function languageOf(request: Request, { language }: PublishedSite): PageLanguage {
  const wanted = (request.headers.get('accept-language') ?? '').toLowerCase();
  const [first] = ['fr', 'en']
    .filter((one) => wanted.includes(one))
    .sort((a, b) => wanted.indexOf(a) - wanted.indexOf(b));
  return first === 'fr' || first === 'en' ? first : language;
}
