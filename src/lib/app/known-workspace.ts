import { metaDatabase } from './database';

/**
 * Whether there was a workspace here, remembered outside of its database: a browser whose databases are broken, by a crash or a full
 * disk, begins with empty ones and says nothing.
 */
const KEY = 'ricochet.workspace';

/** There is something in the workspace that would be missed. */
export async function rememberWorkspace(): Promise<void> {
  localStorage.setItem(KEY, await (await metaDatabase()).birth());
}

/** The browser has begun anew: what was here is gone. */
export async function isWorkspaceLost(): Promise<boolean> {
  const known = localStorage.getItem(KEY);
  return known !== null && known !== (await (await metaDatabase()).birth());
}

/** The person goes on without it. */
export function forgetWorkspace(): void {
  localStorage.removeItem(KEY);
}
