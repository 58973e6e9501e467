import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Fetch } from '../../src/lib/core/fetch';
import relayInbox from '../../src/lib/sources/relay';
import { RELAY_URL, SECRET, startRelay, type Relay } from './relay';

let relay: Relay;
const fetch: Fetch = (url, init) => relay.call(url.slice(RELAY_URL.length), init);
const fields = { url: RELAY_URL, secret: SECRET };
const read = async (cursor: string | null) => {
  const reading = { fields, cursor, now: Date.now(), fetch } as unknown as Parameters<typeof relayInbox.read>[0];
  const result = await relayInbox.read(reading);
  if (!result.ok) throw new Error(JSON.stringify(result.reason));
  return result.value;
};
const waiting = async () => ((await (await relay.asUser('/inbox')).json()) as { items: unknown[] }).items.length;

beforeAll(async () => {
  relay = await startRelay();
});
afterAll(() => relay.stop());

test('the app’s test of the connection understands the relay', async () => {
  expect(await relayInbox.service?.test({ fields, fetch })).toMatchObject({ ok: true });
  const wrong = { fields: { ...fields, secret: 'nearly' }, fetch };
  expect(await relayInbox.service?.test(wrong as never)).toMatchObject({
    ok: false,
    reason: { key: 'words.relay.wrong_secret' }
  });
});

test('what a service posts and signs reaches the app once, and is let go of once the app has committed it', async () => {
  const id = 'address-of-my-stripe-hook';
  const secret = 'whsec_stripe';
  await relay.asUser(`/sources/${id}`, { method: 'PUT', body: JSON.stringify({ kind: 'stripe', secret }) });
  const seconds = Math.floor(Date.now() / 1000);
  const body = JSON.stringify({
    object: 'event',
    type: 'charge.succeeded',
    created: seconds,
    data: { object: { id: 'ch_1', amount: 1250, currency: 'eur', receipt_email: 'lea@example.com' } }
  });
  const signature = createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex');
  const headers = { 'stripe-signature': `t=${seconds},v1=${signature}` };
  expect((await relay.call(`/in/${id}`, { method: 'POST', body, headers })).status).toBe(202);

  const first = await read(null);
  // There is nothing more, but it is let go of at once.
  expect([first.facts.length, first.strange?.length, first.more]).toEqual([1, 0, true]);
  // Read, not yet committed: were the browser closed here, it would come again.
  expect(await waiting()).toBe(1);
  expect((await read(null)).facts).toEqual(first.facts);
  const second = await read(first.cursor);
  expect([second.facts, await waiting(), second.more]).toEqual([[], 0, false]);
});
