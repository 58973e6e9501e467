import type { Fetch } from '$lib/core/fetch';
import { failed, ok, type Result } from '$lib/core/result';
import { words, type Words } from '$lib/core/words';
import { baseOf, exchange, saidBy } from './exchange';

const BREVO = 'Brevo';

/** Whether the key works: `GET /v3/account`, the same for all of Brevo's channels. */
export async function testBrevo(
  { apiKey, baseUrl }: { apiKey: string | null; baseUrl: string },
  fetch: Fetch
): Promise<Result<Words>> {
  const answer = await exchange(fetch, `${baseOf(baseUrl)}/v3/account`, {
    headers: { 'api-key': apiKey ?? '', accept: 'application/json' }
  });
  if (!answer.ok) return answer;
  const { status, json } = answer.value;
  if (status === 401 || status === 403) return failed(words('words.provider.brevo_key_refused'));
  if (status !== 200) return failed(saidBy(BREVO, status, brevoMessage(json)));
  const account = json as { email?: unknown } | undefined;
  if (typeof account?.email !== 'string') return failed(words('words.provider.not_the_api', { provider: BREVO }));
  return ok(words('words.provider.works', { provider: BREVO, account: account.email }));
}

/** What Brevo says in an error: `{ code, message }`. */
export function brevoMessage(json: unknown): string | undefined {
  const message = (json as { message?: unknown } | null | undefined)?.message;
  return typeof message === 'string' ? message : undefined;
}
