import { v7 as timeOrderedId } from 'uuid';
import { catalogue } from '$lib/catalogue/registry';
import type { Given } from '$lib/core/ids';
import { m } from '$lib/i18n/paraglide/content/messages.js';
import { createRender } from '$lib/messages/render';
import { providers } from '$lib/providers/registry';
import { sources } from '$lib/sources/registry';
import type { Keys } from '$lib/storage/keys/keys';
import type { Storage } from '$lib/storage/port';
import { LONGEST_CALL } from './calls';
import { confirmationTexts, pageTexts } from './page-texts';
import type { Parts } from './parts';

/** A call to the remote: what has no signal of its own ends as all calls do. */
export function remoteFetch(url: string, init: RequestInit): Promise<Response> {
  return fetch(url, { ...init, signal: init.signal ?? AbortSignal.timeout(LONGEST_CALL) });
}

/** The lock of whoever runs the engine on a workspace. */
export function runnerName(workspace: string): string {
  return `ricochet runner ${workspace}`;
}

/** The instant, and ids that no other tab gives. */
export function given(): Given {
  return { now: Date.now(), newId: () => timeOrderedId() };
}

/** The engine's parts as the platform has them: its clock, ids, timers and network. */
export function partsOf(storage: Storage, keys: Keys): Parts {
  return {
    storage,
    catalogue,
    providers,
    sources,
    render: createRender({
      unsubscribe: (language) => m['messages.unsubscribe']({}, { locale: language }),
      stop: (language) => m['messages.stop']({}, { locale: language })
    }),
    pageTexts,
    confirmationTexts,
    fetch: (url, init) => fetch(url, { ...init, signal: AbortSignal.timeout(LONGEST_CALL) }),
    now: () => Date.now(),
    timers: {
      after: (delay, work) => {
        const timer = setTimeout(work, delay);
        return () => clearTimeout(timer);
      }
    },
    // Called as a mapper too: what it is given then is nothing to it.
    newId: () => timeOrderedId(),
    isOnline: () => navigator.onLine,
    openSecret: async (id) => {
      const row = await storage.read((reader) => reader.get('secrets', id));
      const plain = row && (await keys.decrypt(row));
      return plain?.ok ? plain.value : null;
    }
  };
}
