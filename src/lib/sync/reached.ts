import type { RemoteFetch } from './remotes/definition';

/** Whether a server is there whose answers a page may not read. Known from a call whose answer nobody reads, which CORS lets through. */
export async function isReached(fetch: RemoteFetch, url: string): Promise<boolean> {
  try {
    await fetch(url, { mode: 'no-cors', cache: 'no-store', credentials: 'omit' });
    return true;
  } catch {
    return false;
  }
}
