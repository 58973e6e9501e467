import { expect, test } from 'vitest';
import { describeProvider, jsonOf, providerOf, SECRET, send, sms, type Reply } from '../contract';

const settings = { workspaceId: 'w1', channelId: 'c1' };
const accepted: Reply = { status: 202, body: { id: '5a5d8d4e', channelId: 'c1', status: 'accepted' } };
const error = (status: number, message: string): Reply => ({ status, body: { code: 'Refused', message } });

describeProvider('sms.bird', {
  request: sms,
  settings,
  accepted,
  messageId: '5a5d8d4e',
  refusals: [
    { answer: error(401, 'The access key is wrong.'), scope: 'account' },
    { answer: error(402, 'Not enough balance.'), scope: 'account', kind: 'quota_used_up', says: 'Not enough balance.' },
    { answer: error(404, 'No such channel.'), scope: 'account', says: 'No such channel.' },
    { answer: error(422, 'identifierValue is no number.'), scope: 'recipient', says: 'identifierValue is no number.' },
    // Said in a success.
    {
      answer: { status: 202, body: { id: '5a5d8d4e', status: 'rejected', reason: 'blocked' } },
      scope: 'recipient',
      says: 'blocked'
    }
  ],
  works: { status: 200, body: { id: 'c1', name: 'SMS', status: 'active' } },
  troubles: [
    { answers: [error(401, 'The access key is wrong.')], says: 'key_refused' },
    { answers: [error(404, 'No such channel.')], says: 'unknown_there' },
    { answers: [{ status: 200, body: { id: 'c1', name: 'SMS', status: 'inactive' } }], says: 'sending_off' }
  ]
});

test('the request is as documented', async () => {
  const { calls } = await send(providerOf('sms.bird'), sms, [accepted], settings);
  expect(calls[0]).toMatchObject({
    url: 'https://api.bird.com/workspaces/w1/channels/c1/messages',
    init: { method: 'POST', headers: { authorization: `AccessKey ${SECRET}` } }
  });
  expect(jsonOf(calls[0]!)).toEqual({
    receiver: { contacts: [{ identifierKey: 'phonenumber', identifierValue: '+33612345678' }] },
    body: { type: 'text', text: { text: 'Soldes d’été 🎉 STOP' } }
  });
});
