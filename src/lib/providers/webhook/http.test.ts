import { expect, test } from 'vitest';
import { describeProvider, NOW, providerOf, SECRET, send, webhook } from '../contract';

describeProvider('webhook.http', {
  request: webhook,
  accepted: { status: 200, body: { plan: 'or' } },
  messageId: null,
  takesAnyYes: true,
  refusals: [{ answer: { status: 422, body: 'no such plan' }, scope: 'recipient', says: 'no such plan' }]
});

test('is signed as documented, over the timestamp and the body', async () => {
  const { calls } = await send(providerOf('webhook.http'), webhook, [{ status: 204 }]);
  const headers = calls[0]!.init!.headers!;
  const encoder = new TextEncoder();
  const key = await crypto.subtle.importKey('raw', encoder.encode(SECRET), { name: 'HMAC', hash: 'SHA-256' }, false, [
    'verify'
  ]);
  const signature = Uint8Array.from(headers['ricochet-signature']!.slice(3).match(/../g)!, (hex) => parseInt(hex, 16));
  expect(headers['ricochet-timestamp']).toBe(String(NOW / 1_000));
  expect(await crypto.subtle.verify('HMAC', key, signature, encoder.encode(`${NOW / 1_000}.{"a":1}`))).toBe(true);
  expect(headers['idempotency-key']).toBe('k1');
});
