import type { Fetch } from '$lib/core/fetch';
import { failed, ok, type Result } from '$lib/core/result';
import { words, type Words } from '$lib/core/words';
import { baseOf, exchange, isAboutAddress, objectsOf, propertiesOf, textOf, type Exchange } from './exchange';
import { isUsedUp, noCredit, noSender, troubleOf } from './trying';

const BREVO = 'Brevo';

/**
 * Whether the account can send: `GET /v3/account`, the same for all of Brevo's channels, says what is left of its plans; for emails
 * `GET /v3/senders` says whether any sender is active.
 */
export async function testBrevo(
  { apiKey, baseUrl }: { apiKey: string | null; baseUrl: string },
  channel: 'email' | 'sms',
  fetch: Fetch
): Promise<Result<Words>> {
  const asked = (path: string) =>
    exchange(fetch, `${baseOf(baseUrl)}/v3/${path}`, {
      headers: { 'api-key': apiKey ?? '', accept: 'application/json' }
    });
  const answer = await asked('account');
  if (!answer.ok) return answer;
  const refusal = brevoRefusal(answer.value) ?? troubleOf(BREVO, answer.value, brevoMessage(answer.value.json));
  if (refusal) return failed(refusal);
  const { email, plan } = propertiesOf(answer.value.json);
  const account = textOf(email);
  if (account === undefined) return failed(words('words.provider.not_the_api', { provider: BREVO }));
  const plans = objectsOf(plan).filter(({ type }) => (type === 'sms') === (channel === 'sms'));
  if (plans.length > 0 && plans.every(({ credits }) => isUsedUp(credits))) return failed(noCredit(BREVO));
  if (channel === 'email' && (await lacksSender(() => asked('senders')))) return failed(noSender(BREVO));
  return ok(words('words.provider.works', { provider: BREVO, account }));
}

/** Where it cannot be told, the account is taken to have one. */
async function lacksSender(ask: () => Promise<Result<Exchange>>): Promise<boolean> {
  const answer = await ask();
  const senders = answer.ok && answer.value.status === 200 ? propertiesOf(answer.value.json).senders : undefined;
  return Array.isArray(senders) && !objectsOf(senders).some(({ active }) => active === true);
}

/** A refusal of the key, or of the address from which it comes: Brevo takes calls from 'Authorised IPs' alone, and says 401 to both. */
export function brevoRefusal({ status, json }: Exchange): Words | null {
  if (status !== 401 && status !== 403) return null;
  const said = brevoMessage(json);
  // Without a word of Brevo's it may be either.
  if (said === undefined) return words('words.provider.brevo_key_refused');
  if (!isAboutAddress(said)) return words('words.provider.key_refused', { provider: BREVO });
  const address = /\d+\.\d+\.\d+\.\d+|(?:[\da-f]{0,4}:){2,}[\da-f]{0,4}/i.exec(said)?.[0];
  return words('words.provider.brevo_address_refused', { address: address ?? words('words.provider.this_address') });
}

/** What Brevo says in an error: `{ code, message }`. */
export function brevoMessage(json: unknown): string | undefined {
  const message = (json as { message?: unknown } | null | undefined)?.message;
  return typeof message === 'string' ? message : undefined;
}
