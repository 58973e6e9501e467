import { expect, test } from 'vitest';
import { describeProvider, jsonOf, providerOf, push, SECRET, send, type Reply } from '../contract';

const accepted: Reply = { status: 200, body: { id: 'n1', external_id: null } };

describeProvider('push.onesignal', {
  request: push,
  settings: { appId: 'app' },
  accepted,
  messageId: 'n1',
  // 200 with an empty id was not sent, and says why.
  refusals: [
    {
      answer: { status: 200, body: { id: '', errors: ['All included players are not subscribed'] } },
      scope: 'recipient',
      says: 'All included players are not subscribed'
    }
  ],
  works: { status: 200, body: { notifications: [] } }
});

test('the request is as documented', async () => {
  const { calls } = await send(providerOf('push.onesignal'), push, [accepted], { appId: 'app' });
  expect(calls[0]).toMatchObject({
    url: 'https://api.onesignal.com/notifications?c=push',
    init: { headers: { authorization: `Key ${SECRET}` } }
  });
  expect(jsonOf(calls[0]!)).toMatchObject({
    app_id: 'app',
    include_subscription_ids: ['d1', 'd2'],
    isIos: true,
    isAnyWeb: true,
    headings: { en: 'Soldes' },
    contents: { en: 'Dès demain' },
    url: 'https://atelier.fr/soldes',
    idempotency_key: expect.stringMatching(/^[\da-f]{8}-[\da-f]{4}-3/) as string
  });
});
