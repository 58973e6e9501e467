import { REFUSAL_HEADER, type RelayRefusal } from '$lib/core/inbox';

const METHODS = 'GET, HEAD, POST, PUT, PATCH, DELETE';

export function ok(body: object): Response {
  return Response.json(body, { headers: { 'cache-control': 'no-store' } });
}

export function done(status: 200 | 202 | 204): Response {
  return new Response(null, { status });
}

/** `error` is for the app, `message` for a person who looks at the answer. */
export function refusal(
  status: number,
  error: string,
  message: string,
  headers: Readonly<Record<string, string>> = {}
): Response {
  const body: RelayRefusal = { error, message };
  return Response.json(body, { status, headers: { ...headers, 'cache-control': 'no-store', [REFUSAL_HEADER]: error } });
}

/** Whoever asks: what counts is the secret, which no page but the user's has, and no cookie is looked at. */
export function preflight(request: Request): Response {
  return new Response(null, {
    status: 204,
    headers: {
      'access-control-allow-origin': '*',
      'access-control-allow-methods': METHODS,
      'access-control-allow-headers': request.headers.get('access-control-request-headers') ?? '',
      'access-control-max-age': '86400',
      vary: 'access-control-request-headers'
    }
  });
}

/** Scripts see all headers of the answer: which ones a provider tells its limits and ids by is its own affair. */
export function withCors(response: Response): Response {
  const headers = new Headers(response.headers);
  headers.set('access-control-allow-origin', '*');
  headers.set('access-control-expose-headers', [...response.headers.keys()].join(', '));
  return new Response(response.body, { status: response.status, statusText: response.statusText, headers });
}
