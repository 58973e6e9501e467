import { sourceId } from '$lib/core/inbox';
import * as v from 'valibot';
import { done, refusal } from './answers';
import { bytesUpTo, KIB, textOf } from './bodies';
import type { Context } from './platform';
import { signatureOf } from './signatures/of-kind';
import type { Post } from './signatures/signature';
import { isTimeToClean, secondsToNextMinute, type Store } from './store';

const LIMIT = 256 * KIB;

/** `POST /in/{id}`: kept as it came, once the vendor has proved that it is its own. */
export async function receive(request: Request, id: string, store: Store, context: Context): Promise<Response> {
  const source = v.is(sourceId, id) ? await store.source(id) : null;
  if (source === null) return unknownSource();
  const bytes = await bytesUpTo(request, LIMIT);
  if (bytes === null) return refusal(413, 'too_large', 'The body is larger than 256 KiB.');
  const body = textOf(bytes);
  if (body === null) return refusal(400, 'not_text', 'The body is not UTF-8 text.');

  const { kind, secret } = source;
  const signature = signatureOf[kind];
  const post: Post = { url: request.url, headers: request.headers, body, now: Date.now() };
  if (await signature?.isPing?.(post)) return done(200);
  const needsNone = signature === null || (signature.isOptional && secret === '');
  if (!needsNone && (secret === '' || !(await signature.isRight(post, secret)))) {
    return refusal(
      401,
      'wrong_signature',
      'The signature is missing or wrong, or this relay has no secret to check it.'
    );
  }

  const contentType = request.headers.get('content-type') ?? '';
  const item = { sourceId: id, kind, receivedAt: post.now, contentType, size: bytes.byteLength, body };
  const { seq } = await store.keep(item);
  if (seq === null) {
    const seconds = String(secondsToNextMinute(post.now));
    return refusal(429, 'too_many', 'This source posts too often.', { 'retry-after': seconds });
  }
  if (isTimeToClean(seq)) context.waitUntil(store.forgetOld(post.now));
  return done(signature?.kept ?? 202);
}

/** `GET` and `HEAD /in/{id}`: vendors (Intercom, for one) look whether the address answers before they take it. */
export async function lookedAt(id: string, store: Store): Promise<Response> {
  return v.is(sourceId, id) && (await store.source(id)) !== null ? done(200) : unknownSource();
}

function unknownSource(): Response {
  return refusal(404, 'unknown_source', 'Nothing may be posted to this address.');
}
