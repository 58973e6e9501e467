import type { Fetch } from '$lib/core/fetch';
import { failed, type Result } from '$lib/core/result';
import { words, type Words } from '$lib/core/words';

/** Remembers where the last call went. */
export interface Watched {
  readonly fetch: Fetch;
  readonly lastUrl: () => string | null;
}

export function watched(fetch: Fetch): Watched {
  let last: string | null = null;
  return {
    fetch: (url, init) => {
      last = url;
      return fetch(url, init);
    },
    lastUrl: () => last
  };
}

/**
 * Tells a server that refuses calls from pages from one that is not there. To a page both are a call without an answer; but it may
 * ask a server without reading what it says (`no-cors`), which fails only where nobody is. The bare address is asked, without a key.
 */
export async function explained(
  tested: Result<Words>,
  { fetch, lastUrl }: Watched,
  provider: string,
  hasRelay: boolean
): Promise<Result<Words>> {
  const url = lastUrl();
  if (tested.ok || tested.reason.key !== 'words.provider.no_answer' || url === null) return tested;
  const isThere = await fetch(`${new URL(url).origin}/`, { mode: 'no-cors' }).then(
    () => true,
    () => false
  );
  if (!isThere) return tested;
  return failed(words(`words.provider.${hasRelay ? 'use_relay' : 'connect_relay'}`, { provider }));
}
