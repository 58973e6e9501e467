/** Put here when the relay is built: src/commands/relay.mjs. */
declare const TRACKER: string;

/** `GET /track.js`: the tracker for the user's own site. An hour old at most, since browsers ask for it on every page. */
export function track(): Response {
  return new Response(TRACKER, {
    headers: {
      'content-type': 'text/javascript; charset=utf-8',
      'cache-control': 'public, max-age=3600, stale-while-revalidate=86400',
      'cross-origin-resource-policy': 'cross-origin',
      'x-content-type-options': 'nosniff'
    }
  });
}
