import { lines, markup, NO_MARKUP, type Markup } from '$lib/core/markup';
import {
  confirmPayload,
  type ConfirmPayload,
  type PublishedForm,
  type PublishedSite,
  type ShownAnswers,
  type SiteTexts
} from '$lib/core/pages';
import { refusal } from '../answers';
import { bytesUpTo, KIB } from '../bodies';
import type { Context } from '../platform';
import type { Store } from '../store';
import { formPage, personal, publishedAs, takeIn, type Shown } from './forms';
import { keptOnce, sourceOf, type Action } from './kept';
import { page } from './page';
import { answersIn } from './sealed';
import { languageOf, nothingPublished, says, siteOf } from './site';
import { payloadOf } from './tokens';

/** What our buttons send is far smaller; nothing in it is looked at. */
const LIMIT = 16 * KIB;

/** `GET /c/{token}`: asks, shows what is asked about, and does nothing, since programs look at links before readers do. */
export async function askToConfirm(request: Request, token: string, store: Store): Promise<Response> {
  const opened = await openedBy(request, token, store);
  if (opened instanceof Response) return opened;
  const { site, language, form, sealed, said } = opened;
  if (said !== null) return answerTo(opened, said);
  const { button, answers: texts, ...asked } = site.texts[language].confirm;
  const shown = sealed === undefined ? null : await answersIn(sealed, site.key);
  const confirming = markup`<form method="post"><button>${button}</button></form>`;
  const body =
    texts === undefined
      ? confirming
      : markup`${answersMarkup(shown, form, texts)}
          <div class="ways">
            ${confirming}
            <form method="post" action="/c/${token}/no"><button class="quiet">${texts.refuse}</button></form>
          </div>
          ${form === null ? NO_MARKUP : markup`<p><a href="/c/${token}/own">${texts.own}</a></p>`}`;
  return page({ language, look: site.look, ...asked, body });
}

/** `POST /c/{token}`: by the button. */
export const confirm = saying('confirm', 'c', 'confirmed');

/** `POST /c/{token}/no`: it was not them. */
export const refuse = saying('refuse', 'n', 'refused');

function saying(deed: 'confirm' | 'refuse', action: Action, thenSaid: NonNullable<Said>) {
  return async (request: Request, token: string, store: Store, context: Context): Promise<Response> => {
    const opened = await openedBy(request, token, store);
    if (opened instanceof Response) return opened;
    const { site, language, optInId, said } = opened;
    if ((await bytesUpTo(request, LIMIT)) === null) return refusal(413, 'too_large', 'The body is larger than 16 KiB.');
    if (said !== null) return answerTo(opened, said);
    const isKept = await keptOnce(action, token, { page: deed, optInId }, store, context);
    return isKept ? answerTo(opened, thenSaid) : says(site, 'failed', 503, language);
  };
}

/** `GET /c/{token}/own`: the form, empty, for their own answers. */
export async function showOwn(request: Request, token: string, store: Store): Promise<Response> {
  const shown = await ownForm(request, token, store);
  return shown instanceof Response ? shown : formPage(shown);
}

/** `POST /c/{token}/own`. */
export async function handInOwn(request: Request, token: string, store: Store, context: Context): Promise<Response> {
  const shown = await ownForm(request, token, store);
  return shown instanceof Response ? shown : takeIn(request, shown, store, context);
}

/** Who has refused the answers of somebody else may still give their own. */
async function ownForm(request: Request, token: string, store: Store): Promise<Shown | Response> {
  const opened = await openedBy(request, token, store);
  if (opened instanceof Response) return opened;
  const { site, language, optInId, formId, form, said } = opened;
  if (said === 'confirmed') return answerTo(opened, said);
  if (form === null) return says(site, 'unknown', 404, language);
  return {
    id: formId,
    site,
    form: personal(form),
    action: `/c/${token}/own`,
    sourceId: sourceOf('o', token),
    mayBeFramed: false,
    postOf: ({ values, consent }) => ({ page: 'own', optInId, formId, values, consent })
  };
}

/** What whoever has this link has said before: once they have confirmed or refused, they cannot do the other by it. */
type Said = 'confirmed' | 'refused' | null;

interface Opened {
  readonly token: string;
  readonly site: PublishedSite;
  readonly language: ConfirmPayload[0];
  readonly optInId: string;
  readonly formId: string;
  /** Null where it is published no more, or never was. */
  readonly form: PublishedForm | null;
  readonly sealed: string | undefined;
  readonly said: Said;
}

async function openedBy(request: Request, token: string, store: Store): Promise<Opened | Response> {
  const site = await siteOf(store);
  if (site === null) return nothingPublished();
  const payload = await payloadOf(token, 'c', site.key, confirmPayload);
  if (payload === null) return says(site, 'unknown', 404, languageOf(request, site));
  const [language, optInId, formId, until, sealed] = payload;
  if (Date.now() > Number(until)) return says(site, 'lapsed', 410, language);
  const [form, said] = [await publishedAs(formId, store), await saidBy(token, store)];
  return { token, site, language, optInId, formId, form, sealed, said };
}

async function saidBy(token: string, store: Store): Promise<Said> {
  const [yes, own, no] = [sourceOf('c', token), sourceOf('o', token), sourceOf('n', token)];
  const posted = await store.whichPosted([yes, own, no]);
  if (posted.has(yes) || posted.has(own)) return 'confirmed';
  return posted.has(no) ? 'refused' : null;
}

function answerTo({ token, site, language, form }: Opened, said: NonNullable<Said>): Promise<Response> {
  const { confirmed, refused, confirm: asked } = site.texts[language];
  const { look } = site;
  if (said === 'confirmed')
    return page({ language, look, title: confirmed.title, lead: form?.confirmed ?? confirmed.lead });
  const own =
    form === null || !asked.answers ? NO_MARKUP : markup`<p><a href="/c/${token}/own">${asked.answers.own}</a></p>`;
  return page({ language, look, ...(refused ?? confirmed), body: own });
}

/** Text of anybody: nothing in it is a link, and each answer is kept apart from ours, whichever way it is written. */
function answersMarkup(
  shown: ShownAnswers | null,
  form: PublishedForm | null,
  { title, rest, agreed }: NonNullable<SiteTexts['confirm']['answers']>
): Markup {
  const consent = form?.consent ?? '';
  const answers = (shown?.answers ?? []).map(([asked, given]) => markup`<dt>${asked}</dt><dd><bdi>${given}</bdi></dd>`);
  const list = answers.length === 0 ? NO_MARKUP : markup`<h2>${title}</h2><dl>${answers}</dl>`;
  const more = shown?.hasMore ? markup`<p><small>${rest}</small></p>` : NO_MARKUP;
  const terms = consent === '' ? NO_MARKUP : markup`<p><small>${agreed}</small>${lines(consent)}</p>`;
  return markup`${list}${more}${terms}`;
}
