import { formMarkup, type Given } from '$lib/core/form-markup';
import { markup } from '$lib/core/markup';
import {
  publishedForm,
  publishedId,
  type FormAnswer,
  type PagePost,
  type PublishedForm,
  type PublishedSite
} from '$lib/core/pages';
import * as v from 'valibot';
import { done, ok, refusal } from '../answers';
import { bytesUpTo, KIB, sent, textOf } from '../bodies';
import type { Context } from '../platform';
import { isTimeToClean, secondsToNextMinute, type Store } from '../store';
import { isTrapped, readForm, type Read } from './answers';
import { page } from './page';
import { nothingPublished, says, siteOf } from './site';
import { isTimely, signedTime } from './times';

const LIMIT = 64 * KIB;

/** Under which a form is published. */
function nameOfForm(id: string): string {
  return `form ${id}`;
}

/** `PUT /forms/{id}`: from now on it can be filled in. */
export async function putForm(request: Request, id: string, store: Store): Promise<Response> {
  if (!v.is(publishedId, id))
    return refusal(400, 'bad_id', 'An id has 1 to 100 letters, digits, underscores and hyphens.');
  const form = await sent(request, publishedForm, 256 * KIB);
  if (form === null) return refusal(400, 'bad_body', 'The body is not a form.');
  await store.publish(nameOfForm(id), form);
  return done(204);
}

/** `DELETE /forms/{id}`: what was handed in stays until the app has it. */
export async function deleteForm(id: string, store: Store): Promise<Response> {
  await store.unpublish(nameOfForm(id));
  return done(204);
}

/** A form on a page. `sourceId`: whose share of a minute it counts on. `mayBeFramed`: whether sites may show it in a frame of theirs. */
export interface Shown {
  readonly id: string;
  readonly site: PublishedSite;
  readonly form: PublishedForm;
  readonly action: string;
  readonly sourceId: string;
  readonly mayBeFramed: boolean;
  /** What is kept of what was filled in. */
  readonly postOf: (read: Pick<Read, 'values' | 'consent'>) => PagePost;
}

/** `GET /f/{id}`. */
export async function showForm(id: string, store: Store): Promise<Response> {
  const found = await formOf(id, store);
  return found instanceof Response ? found : formPage(found);
}

/** `POST /f/{id}`. */
export async function handIn(request: Request, id: string, store: Store, context: Context): Promise<Response> {
  const found = await formOf(id, store);
  return found instanceof Response ? found : takeIn(request, found, store, context);
}

/** Kept once all that is asked for is there. What a program has filled in is thanked for, and thrown away. */
export async function takeIn(request: Request, found: Shown, store: Store, context: Context): Promise<Response> {
  const { id, site, form, sourceId, postOf } = found;
  const wantsJson = (request.headers.get('accept') ?? '').includes('application/json');
  const bytes = await bytesUpTo(request, LIMIT);
  if (bytes === null) return refusal(413, 'too_large', 'The body is larger than 64 KiB.');
  const read = readForm(textOf(bytes), request.headers.get('content-type') ?? '', form, site.texts[form.language].form);
  if (read === null) return refusal(400, 'bad_body', 'The body is neither form-encoded nor JSON.');
  if (isTrapped(read)) return thanks(found, wantsJson);
  if (Object.keys(read.problems).length > 0) return wrong(found, read, wantsJson);
  const now = Date.now();
  if (read.time !== undefined && !(await isTimely(site.key, id, read.time, now))) {
    return wrong(found, { ...read, notice: site.texts[form.language].form.again }, wantsJson);
  }
  const body = JSON.stringify(postOf(read));
  const item = {
    kind: 'pages',
    contentType: 'application/json',
    size: new TextEncoder().encode(body).length,
    body
  } as const;
  const { seq } = await store.keep({ ...item, sourceId, receivedAt: now });
  if (seq === null) return tooMany(found, wantsJson, now);
  if (isTimeToClean(seq)) context.waitUntil(store.forgetOld(now));
  return thanks(found, wantsJson);
}

async function formOf(id: string, store: Store): Promise<Shown | Response> {
  const site = await siteOf(store);
  if (site === null) return nothingPublished();
  const form = await publishedAs(id, store);
  if (form === null) return says(site, 'unknown', 404);
  return {
    id,
    site,
    form,
    action: `/f/${id}`,
    sourceId: `f-${id}`,
    mayBeFramed: true,
    postOf: ({ values, consent }) => ({ page: 'form', formId: id, values, consent })
  };
}

/** The form of this id; null where there is none, or one by a version of the app that this relay does not go with. */
export async function publishedAs(id: string, store: Store): Promise<PublishedForm | null> {
  const form = v.safeParse(publishedForm, v.is(publishedId, id) ? await store.published(nameOfForm(id)) : undefined);
  return form.success ? form.output : null;
}

/** It is known whose it is: the address is not asked for, and what is handed in counts at once. */
export function personal({ fields, thanks, confirmed = thanks, ...form }: PublishedForm): PublishedForm {
  return { ...form, fields: fields.filter(({ input }) => input !== 'email'), thanks: confirmed };
}

export async function formPage(
  { id, site, form, action, mayBeFramed }: Shown,
  given?: Given & { readonly notice: string }
): Promise<Response> {
  const texts = site.texts[form.language].form;
  const filled = formMarkup(form, texts, {
    action,
    time: await signedTime(site.key, id, Date.now()),
    ...(given ? { given } : {})
  });
  return page({
    language: form.language,
    look: site.look,
    title: form.title,
    lead: form.intro,
    body: given ? markup`<p role="alert">${given.notice}</p>${filled}` : filled,
    status: given ? 422 : 200,
    mayBeFramed
  });
}

function wrong(shown: Shown, read: Read & { readonly notice?: string }, wantsJson: boolean): Promise<Response> {
  const notice = read.notice ?? shown.site.texts[shown.form.language].form.wrong;
  if (!wantsJson) return formPage(shown, { ...read, notice });
  const answer: FormAnswer = { wrong: notice, problems: read.problems };
  return Promise.resolve(Response.json(answer, { status: 422, headers: { 'cache-control': 'no-store' } }));
}

/** A form that gets no end of answers takes no more of them in this minute. */
async function tooMany({ site, form }: Shown, wantsJson: boolean, now: number): Promise<Response> {
  const { title, lead } = site.texts[form.language].failed;
  const answer: FormAnswer = { wrong: `${title}. ${lead}`, problems: {} };
  const said = wantsJson
    ? Response.json(answer, { headers: { 'cache-control': 'no-store' } })
    : await says(site, 'failed', 429, form.language);
  const headers = new Headers(said.headers);
  headers.set('retry-after', String(secondsToNextMinute(now)));
  return new Response(said.body, { status: 429, headers });
}

function thanks({ site, form, mayBeFramed }: Shown, wantsJson: boolean): Promise<Response> {
  const answer: FormAnswer = { thanks: form.thanks };
  if (wantsJson) return Promise.resolve(ok(answer));
  return page({ language: form.language, look: site.look, title: form.thanks, lead: '', mayBeFramed });
}
