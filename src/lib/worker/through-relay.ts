import type { Fetch } from '$lib/core/fetch';
import { REFUSAL_HEADER, SECRET_HEADER } from '$lib/core/inbox';
import { failed, ok, type Result } from '$lib/core/result';
import type { Account } from '$lib/core/rows/messages';
import type { WorkspaceView } from '$lib/core/tables';
import { words, type Words } from '$lib/core/words';
import { baseOf } from '$lib/providers/exchange';
import type { Parts } from './parts';
import { fieldsWithSecrets } from './secrets';
import { serviceAt } from './services';

/** How an account's calls leave. */
export interface Way {
  readonly fetch: Fetch;
  /** Why the relay passed on no call, so that nothing has reached the provider; null where something may have. */
  readonly refusal: () => Words | null;
}

/** The user's relay; the first of them, where there are more. */
export function relayIn(view: Pick<WorkspaceView, 'accounts'>): Account | null {
  return [...view.accounts.values()].find(({ provider }) => provider === 'relay') ?? null;
}

/** Straight to the provider, or through the relay where the account wants it; failed where it has none, or its secret is locked. */
export async function wayOf(
  account: Pick<Account, 'throughRelay'> | null,
  relay: Account | null,
  parts: Pick<Parts, 'fetch' | 'openSecret' | 'providers' | 'sources'>
): Promise<Result<Way>> {
  if (account?.throughRelay !== true) return ok({ fetch: parts.fetch, refusal: () => null });
  if (relay === null) return failed(words('words.relay.none'));
  const fields = await fieldsWithSecrets(serviceAt('relay', parts)?.fields ?? {}, relay.fields, parts.openSecret);
  const { url, secret } = fields as unknown as { url: string; secret: string | null };
  if (secret === null) return failed(words('words.outbox.key_locked'));
  return ok(passedBy(baseOf(url), secret, parts.fetch));
}

function passedBy(relay: string, secret: string, fetch: Fetch): Way {
  let refusal: Words | null = null;
  let mayHaveArrived = false;
  return {
    refusal: () => (mayHaveArrived ? null : refusal),
    fetch: async (url, init = {}) => {
      const target = new URL(url);
      const passed = fetch(`${relay}/pass/${target.host}${target.pathname}${target.search}`, {
        ...init,
        headers: { ...init.headers, [SECRET_HEADER]: secret }
      });
      // Without an answer it is not known.
      refusal = await passed.then(
        ({ headers }) => refusalOf(headers.get(REFUSAL_HEADER), target.host),
        () => null
      );
      mayHaveArrived ||= refusal === null;
      return passed;
    }
  };
}

/** `unreachable` is none: the relay does not know whether the call had arrived. */
function refusalOf(error: string | null, host: string): Words | null {
  switch (error) {
    case null:
    case 'unreachable':
      return null;
    case 'wrong_secret':
      return words('words.relay.wrong_secret');
    case 'host_not_allowed':
      return words('words.relay.host_not_allowed', { host });
    default:
      return words('words.relay.refused', { error });
  }
}
