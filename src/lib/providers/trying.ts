import type { Fetch } from '$lib/core/fetch';
import { failed, ok, type Result } from '$lib/core/result';
import { words, type Words } from '$lib/core/words';
import { exchange, isAboutAddress, saidBy, type Exchange } from './exchange';

/**
 * What an answer means to whoever tests an account, with what is to be done about it; null for a yes. `said`: what the provider
 * says of it.
 */
export function troubleOf(provider: string, { status }: Exchange, said: string | undefined): Words | null {
  if (status === 200) return null;
  if (status === 401 || status === 403)
    return words(`words.provider.${isAboutAddress(said) ? 'address_refused' : 'key_refused'}`, { provider });
  if (status === 404) return words('words.provider.unknown_there', { provider });
  if (status === 429) return words('words.provider.busy', { provider });
  if (status >= 500) return words('words.provider.broken', { provider, status });
  return saidBy(provider, status, said);
}

/**
 * Whether a key works, by a call that only reads. `account` says what the answer tells of the account: its name ('' where it has
 * none), or in words why it cannot send; undefined where the answer is not the API's.
 */
export async function tryKey({
  provider,
  url,
  headers,
  fetch,
  said,
  account,
  isKnown = () => false
}: {
  provider: string;
  url: string;
  headers: Record<string, string>;
  fetch: Fetch;
  said: (answer: Exchange) => string | undefined;
  account: (json: unknown) => string | Words | undefined;
  /** A refusal that says that the key is known, and only may not read this. */
  isKnown?: (answer: Exchange) => boolean;
}): Promise<Result<Words>> {
  const answer = await exchange(fetch, url, { headers });
  if (!answer.ok) return answer;
  if (isKnown(answer.value)) return ok(words('words.provider.accepts_key', { provider }));
  const trouble = troubleOf(provider, answer.value, said(answer.value));
  if (trouble) return failed(trouble);
  const found = account(answer.value.json);
  if (found === undefined) return failed(words('words.provider.not_the_api', { provider }));
  if (typeof found !== 'string') return failed(found);
  return ok(
    found === ''
      ? words('words.provider.accepts_key', { provider })
      : words('words.provider.works', { provider, account: found })
  );
}

/** The key is right, but none of the senders or domains of the account is verified. */
export function noSender(provider: string): Words {
  return words('words.provider.no_sender', { provider });
}

/** The key is right, but what the account can spend is used up. */
export function noCredit(provider: string): Words {
  return words('words.provider.no_credit', { provider });
}

/** The key is right, but the provider has stopped the account, or it was switched off. */
export function sendingOff(provider: string): Words {
  return words('words.provider.sending_off', { provider });
}

/** Whether what is left, a number or a number in text, is nothing; false where it is not told. */
export function isUsedUp(left: unknown): boolean {
  if (typeof left !== 'number' && (typeof left !== 'string' || left.trim() === '')) return false;
  return Number(left) <= 0;
}
