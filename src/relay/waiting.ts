import { inboxAcknowledged } from '$lib/core/inbox';
import { done, ok, refusal } from './answers';
import { sent } from './bodies';
import type { Store } from './store';

const USUAL_LIMIT = 500;
const MOST = 1000;

/** `GET /inbox`: what waits after `after`. */
export async function inboxPage(url: URL, store: Store): Promise<Response> {
  const after = wholeNumber(url.searchParams.get('after'), 0);
  const limit = wholeNumber(url.searchParams.get('limit'), USUAL_LIMIT);
  if (after === null || limit === null || limit < 1 || limit > MOST) {
    return refusal(400, 'bad_query', 'after is a whole number, limit one from 1 to 1000.');
  }
  return ok(await store.page(after, limit));
}

/** `POST /inbox/acknowledged`: the app has it, and never asks for it again. */
export async function acknowledge(request: Request, store: Store): Promise<Response> {
  const body = await sent(request, inboxAcknowledged);
  if (body === null) return refusal(400, 'bad_body', 'The body is not { "upTo": a whole number }.');
  await store.acknowledge(body.upTo);
  return done(204);
}

function wholeNumber(text: string | null, otherwise: number): number | null {
  if (text === null) return otherwise;
  return /^\d{1,15}$/.test(text) ? Number(text) : null;
}
