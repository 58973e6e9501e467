import { defineProvider } from '$lib/core/providers';
import { secret } from '$lib/core/fields';
import { commonResult, exchange, saidBy } from '../exchange';

/**
 * The user's own URL. Each call carries `Idempotency-Key`; with a signing secret also `Ricochet-Timestamp` (seconds) and
 * `Ricochet-Signature: v1=<hex>`, the HMAC-SHA256 of `<timestamp>.<body>`.
 */
export default defineProvider({
  id: 'webhook.http',
  channel: 'webhook',
  name: 'Webhook',
  fields: { signingSecret: secret() },
  // The receiver may or may not look at the key: nothing is promised.
  idempotencyWindow: null,
  concurrency: 6,
  documentation: 'https://www.rfc-editor.org/rfc/rfc2104',
  send: async ({ fields, request, key, fetch, now }) => {
    const { method, url, headers, body } = request;
    const signature =
      fields.signingSecret === null ? {} : await signatureOf(fields.signingSecret, body ?? '', Math.floor(now / 1_000));
    const answer = await exchange(fetch, url, {
      method,
      headers: { ...headers, 'idempotency-key': key, ...signature },
      ...(body === undefined ? {} : { body })
    });
    if (!answer.ok) return { status: 'unknown', reason: answer.reason };
    const { status, text, json } = answer.value;
    if (status >= 200 && status < 300) return { status: 'accepted', answer: json ?? text.slice(0, 10_000) };
    const host = new URL(url).host;
    // Keys and rate limits of a user's URL concern that URL, not an account.
    const common = commonResult(host, answer.value);
    if (common?.status === 'retry' || common?.status === 'unknown')
      return common.status === 'retry' ? { ...common, scope: 'recipient' } : common;
    return { status: 'rejected', scope: 'recipient', reason: saidBy(host, status, text.startsWith('<') ? '' : text) };
  },
  test: () => Promise.reject(new Error('a webhook is no account'))
});

async function signatureOf(secretText: string, body: string, timestamp: number): Promise<Record<string, string>> {
  const encoder = new TextEncoder();
  const key = await crypto.subtle.importKey(
    'raw',
    encoder.encode(secretText),
    { name: 'HMAC', hash: 'SHA-256' },
    false,
    ['sign']
  );
  const digest = new Uint8Array(await crypto.subtle.sign('HMAC', key, encoder.encode(`${timestamp}.${body}`)));
  const hex = [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return { 'ricochet-timestamp': String(timestamp), 'ricochet-signature': `v1=${hex}` };
}
