import { defineProvider, type SendResult } from '$lib/core/providers';
import { secret, url } from '$lib/core/fields';
import { failed, ok } from '$lib/core/result';
import { words } from '$lib/core/words';
import { commonResult, exchange, saidBy, type Exchange } from '../exchange';
import { troubleOf } from '../trying';

/**
 * The user's own pass service, at one address. Each call is a `POST` of JSON with `Authorization: Bearer <key>` (where a key is
 * given) and `Idempotency-Key`:
 *
 *     { "operation": "notify" | "move" | "move_and_notify", "passes": ["<serial number>"], "campaignId": "…", "text": "…" }
 *
 * `campaignId` comes with a move, `text` with a notification. Any 2xx answer says yes, unless its JSON has `"success": false` (with
 * `"message"`, why); `"id"` in it is kept as the message's. The test button sends `{ "operation": "test" }`.
 */
export default defineProvider({
  id: 'wallet.http',
  channel: 'wallet',
  name: 'Wallet HTTP',
  fields: { address: url({ required: true }), apiKey: secret() },
  // The service may or may not look at the key: nothing is promised.
  idempotencyWindow: null,
  concurrency: 4,
  documentation: '',
  send: async ({ fields, request, key, fetch }): Promise<SendResult> => {
    const { operation, passes, campaignId, text } = request;
    const answer = await exchange(fetch, fields.address, {
      method: 'POST',
      headers: { ...headersOf(fields.apiKey), 'idempotency-key': key },
      body: JSON.stringify({ operation, passes, campaignId, text })
    });
    return answer.ok ? resultOf(answer.value, hostOf(fields.address)) : { status: 'unknown', reason: answer.reason };
  },
  test: async ({ fields, fetch }) => {
    const host = hostOf(fields.address);
    const answer = await exchange(fetch, fields.address, {
      method: 'POST',
      headers: headersOf(fields.apiKey),
      body: JSON.stringify({ operation: 'test' })
    });
    if (!answer.ok) return answer;
    const { status } = answer.value;
    const trouble = status >= 200 && status < 300 ? null : troubleOf(host, answer.value, saidIn(answer.value));
    return trouble ? failed(trouble) : ok(words('words.provider.accepts_key', { provider: host }));
  }
});

function headersOf(apiKey: string | null): Record<string, string> {
  return {
    'content-type': 'application/json',
    ...(apiKey === null ? {} : { authorization: `Bearer ${apiKey}` })
  };
}

function resultOf(answer: Exchange, host: string): SendResult {
  const { status, json } = answer;
  if (status >= 200 && status < 300) {
    const { success, id } = (typeof json === 'object' && json !== null ? json : {}) as Record<string, unknown>;
    if (success === false)
      return { status: 'rejected', scope: 'recipient', reason: saidBy(host, status, saidIn(answer)) };
    return typeof id === 'string' || typeof id === 'number'
      ? { status: 'accepted', messageId: String(id) }
      : { status: 'accepted' };
  }
  return (
    commonResult(host, answer) ?? {
      status: 'rejected',
      scope: 'recipient',
      reason: saidBy(host, status, saidIn(answer))
    }
  );
}

function saidIn({ json, text }: Exchange): string {
  const message = (json as { message?: unknown } | null | undefined)?.message;
  return typeof message === 'string' ? message : text.startsWith('<') ? '' : text;
}

function hostOf(address: string): string {
  return /^https?:\/\/([^/?#]+)/i.exec(address)?.[1] ?? address;
}
