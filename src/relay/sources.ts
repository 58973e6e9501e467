import { inboxSource, sourceId, type InboxSources } from '$lib/core/inbox';
import * as v from 'valibot';
import { done, ok, refusal } from './answers';
import { sent } from './bodies';
import { signatureOf } from './signatures/of-kind';
import type { Store } from './store';

/** `PUT /sources/{id}`: from now on, or with another secret than before. */
export async function putSource(request: Request, id: string, store: Store): Promise<Response> {
  if (!v.is(sourceId, id)) {
    return refusal(400, 'bad_id', 'An id has 22 to 128 letters, digits, underscores and hyphens.');
  }
  const source = await sent(request, inboxSource);
  if (source === null) return refusal(400, 'bad_body', 'The body is not a source: { "kind", "secret" }.');
  // Whoever gives a secret counts on its being checked.
  if (source.secret !== '' && signatureOf[source.kind] === null) {
    return refusal(400, 'secret_not_used', 'This kind signs nothing: its secret is the address.');
  }
  await store.putSource(id, source);
  return done(204);
}

export async function deleteSource(id: string, store: Store): Promise<Response> {
  await store.deleteSource(id);
  return done(204);
}

export async function listSources(store: Store): Promise<Response> {
  const answer: InboxSources = { sources: [...(await store.sources())] };
  return ok(answer);
}
