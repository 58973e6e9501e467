import type { PagePost } from '$lib/core/pages';
import type { Context } from '../platform';
import { isTimeToClean, type Store } from '../store';

/** What a link does: to unsubscribe, to take that back, to confirm an address, to say that it was not them, to hand in their own answers. */
export type Action = 'u' | 'b' | 'c' | 'n' | 'o';

/** Whose share of a minute the uses of a link count on. */
export function sourceOf(action: Action, token: string): string {
  return `${action}-${token.slice(token.indexOf('.') + 1)}`;
}

/** What was done by a link is kept, once within a minute however often it is used; false where it could not be. */
export async function keptOnce(
  action: Action,
  token: string,
  post: PagePost,
  store: Store,
  context: Context
): Promise<boolean> {
  const body = JSON.stringify(post);
  const now = Date.now();
  const item = { kind: 'pages', receivedAt: now, contentType: 'application/json', size: body.length, body } as const;
  const { seq } = await store.keep({ ...item, sourceId: sourceOf(action, token) }, 1).catch(() => FAILED);
  if (seq === undefined) return false;
  if (seq !== null && isTimeToClean(seq)) context.waitUntil(store.forgetOld(now));
  return true;
}

const FAILED = { seq: undefined } as const;
