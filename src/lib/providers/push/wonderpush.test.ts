import { expect, test } from 'vitest';
import { describeProvider, formOf, providerOf, push, SECRET, send, type Reply } from '../contract';

const accepted: Reply = { status: 202, body: { success: true, notificationId: 'w1' } };

describeProvider('push.wonderpush', {
  request: push,
  accepted,
  messageId: 'w1',
  // A success that is none.
  refusals: [
    {
      answer: { status: 200, body: { error: { code: '12', message: 'No installation' } } },
      scope: 'recipient',
      says: 'No installation'
    }
  ],
  works: { status: 200, body: { data: [] } }
});

test('a campaign of the provider needs no content of ours', async () => {
  const wonderpush = providerOf('push.wonderpush');
  const own = await send(wonderpush, push, [accepted]);
  const form = formOf(own.calls[0]!);
  expect(form).toMatchObject({ accessToken: SECRET, targetInstallationIds: 'd1,d2', filterPlatforms: 'iOS,Web' });
  expect(JSON.parse(form.notification!)).toMatchObject({
    alert: { title: 'Soldes', text: 'Dès demain', targetUrl: 'https://atelier.fr/soldes' }
  });
  const theirs = await send(wonderpush, { ...push, campaignId: 'k1' }, [{ status: 202 }]);
  const campaign = formOf(theirs.calls[0]!);
  expect([campaign.campaignId, 'notification' in campaign]).toEqual(['k1', false]);
});
