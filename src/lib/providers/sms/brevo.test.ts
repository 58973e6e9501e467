import { expect, test } from 'vitest';
import { describeProvider, jsonOf, providerOf, SECRET, send, sms, type Reply } from '../contract';

const accepted: Reply = { status: 201, body: { reference: 'r1', messageId: 1511882900176220, smsCount: 1 } };

describeProvider('sms.brevo', {
  request: sms,
  accepted,
  messageId: '1511882900176220',
  refusals: [
    { answer: { status: 401, body: { message: 'Key not found' } }, scope: 'account' },
    {
      answer: { status: 402, body: { message: 'Not enough credits' } },
      scope: 'account',
      kind: 'quota_used_up',
      says: 'Not enough credits'
    },
    { answer: { status: 400, body: { message: 'Invalid sender name' } }, scope: 'account', kind: 'sender_refused' },
    { answer: { status: 400, body: { message: 'Invalid telephone number for the recipient' } }, scope: 'recipient' }
  ],
  delays: [{ answer: { status: 429, headers: { 'x-sib-ratelimit-reset': '3' } }, after: 3_000 }],
  unclear: [{ status: 201, body: {} }],
  works: { status: 200, body: { email: 'lea@atelier.fr', plan: [{ type: 'sms', credits: 12 }] } },
  troubles: [
    { answers: [{ status: 401, body: { message: 'Key not found' } }], says: 'key_refused' },
    {
      answers: [{ status: 401, body: { message: 'an unrecognised IP address 192.0.2.7' } }],
      says: 'brevo_address_refused'
    },
    {
      answers: [
        {
          status: 200,
          body: {
            email: 'lea@atelier.fr',
            plan: [
              { type: 'free', credits: 300 },
              { type: 'sms', credits: 0 }
            ]
          }
        }
      ],
      says: 'no_credit'
    }
  ]
});

test('a promotional text leaves as marketing, with the code that Brevo replaces', async () => {
  const { calls } = await send(providerOf('sms.brevo'), sms, [accepted]);
  expect(calls[0]).toMatchObject({
    url: 'https://api.brevo.com/v3/transactionalSMS/send',
    init: { method: 'POST', headers: { 'api-key': SECRET } }
  });
  expect(jsonOf(calls[0]!)).toEqual({
    sender: 'Atelier',
    recipient: '+33612345678',
    content: 'Soldes d’été 🎉 STOP\n[STOP CODE]',
    type: 'marketing',
    unicodeEnabled: true,
    tag: 'soldes'
  });
});
