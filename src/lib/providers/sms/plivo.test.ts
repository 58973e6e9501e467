import { expect, test } from 'vitest';
import { describeProvider, jsonOf, providerOf, SECRET, send, sms, type Reply } from '../contract';

const settings = { authId: 'MA1' };
const accepted: Reply = {
  status: 202,
  body: { message: 'message(s) queued', message_uuid: ['db3ce55a'], api_id: 'a1' }
};
const error = (status: number, said: string): Reply => ({ status, body: { api_id: 'a1', error: said } });

describeProvider('sms.plivo', {
  request: sms,
  settings,
  accepted,
  messageId: 'db3ce55a',
  refusals: [
    { answer: { status: 401, body: 'Could not verify your access level for that URL.' }, scope: 'account' },
    { answer: error(400, 'dst parameter is not valid'), scope: 'recipient', says: 'dst parameter is not valid' },
    {
      answer: error(400, 'src parameter is not valid'),
      scope: 'account',
      kind: 'sender_refused',
      says: 'src parameter is not valid'
    },
    {
      answer: error(402, 'insufficient credits'),
      scope: 'account',
      kind: 'quota_used_up',
      says: 'insufficient credits'
    },
    // Said in a success.
    { answer: { status: 202, body: { message_uuid: [], invalid_number: ['1'], api_id: 'a1' } }, scope: 'recipient' }
  ],
  unclear: [{ status: 202, body: { message: 'message(s) queued', api_id: 'a1' } }],
  works: { status: 200, body: { name: 'Atelier', cash_credits: '10', billing_mode: 'prepaid' } },
  troubles: [
    { answers: [{ status: 401, body: 'Could not verify your access level for that URL.' }], says: 'key_refused' },
    {
      answers: [{ status: 200, body: { name: 'Atelier', cash_credits: '0.00000', billing_mode: 'prepaid' } }],
      says: 'no_credit'
    }
  ]
});

test('the request is as documented', async () => {
  const { calls } = await send(providerOf('sms.plivo'), sms, [accepted], settings);
  expect(calls[0]).toMatchObject({
    url: 'https://api.plivo.com/v1/Account/MA1/Message/',
    init: { method: 'POST', headers: { authorization: `Basic ${btoa(`MA1:${SECRET}`)}` } }
  });
  expect(jsonOf(calls[0]!)).toEqual({
    src: 'Atelier',
    dst: '+33612345678',
    text: 'Soldes d’été 🎉 STOP',
    type: 'sms'
  });
});
