import { refusal } from './answers';
import { bytesUpTo, MIB } from './bodies';
import { isAllowed } from './hosts';
import type { Env } from './platform';

const LIMIT = 6 * MIB;

/** What belongs to one connection rather than to the call (RFC 9110, 7.6.1), and what the runtime sets by what it sends. */
const OF_THE_CONNECTION =
  /^(?:connection|keep-alive|proxy-.*|te|trailer|transfer-encoding|upgrade|content-length|accept-encoding|content-encoding)$/;

/** What tells who calls and from where, and the user's secret. */
const OF_THE_CALLER =
  /^(?:host|origin|referer|cookie|cf-.*|cdn-loop|forwarded|x-forwarded-.*|x-real-ip|true-client-ip|x-ricochet-secret)$/;

/** What the provider tells the browser to keep, and what the relay says itself. */
const NOT_FOR_THE_APP = /^(?:set-cookie2?|access-control-.*|x-ricochet-.*)$/;

/**
 * `/pass/{host}/{path}`: the same call to `https://{host}/{path}`. Nothing of it is kept. Redirects are not followed: they would lead
 * off the hosts that are allowed, with the provider's key.
 */
export async function pass(request: Request, url: URL, env: Env): Promise<Response> {
  const [, host = '', path = ''] = /^\/pass\/([^/]*)(.*)$/.exec(url.pathname) ?? [];
  if (!isAllowed(host, env.ALLOWED_HOSTS)) {
    return refusal(403, 'host_not_allowed', 'This relay does not pass calls on to that host.');
  }
  const body = await bytesUpTo(request, LIMIT);
  if (body === null) return refusal(413, 'too_large', 'The body is larger than 6 MiB.');
  const answer = await call(`https://${host}${path === '' ? '/' : path}${url.search}`, request, body);
  if (answer === null) return refusal(502, 'unreachable', 'The host could not be reached.');
  if (answer.status >= 300 && answer.status < 400) {
    return refusal(502, 'redirected', 'The host answered with a redirect, which is not followed.');
  }
  const headers = without(answer.headers, OF_THE_CONNECTION, NOT_FOR_THE_APP);
  return new Response(answer.body, { status: answer.status, statusText: answer.statusText, headers });
}

async function call(target: string, request: Request, body: Uint8Array<ArrayBuffer>): Promise<Response | null> {
  try {
    return await fetch(target, {
      method: request.method,
      headers: without(request.headers, OF_THE_CONNECTION, OF_THE_CALLER),
      // A GET must have none.
      body: body.byteLength === 0 ? null : body,
      redirect: 'manual'
    });
  } catch {
    return null;
  }
}

function without(headers: Headers, ...patterns: readonly RegExp[]): Headers {
  const named = (headers.get('connection') ?? '').split(',').map((name) => name.trim().toLowerCase());
  return new Headers(
    [...headers].filter(([name]) => !named.includes(name) && patterns.every((pattern) => !pattern.test(name)))
  );
}
