import { expect, test } from 'vitest';
import { describeProvider, email, jsonOf, providerOf, SECRET, send, type Reply } from '../contract';

const settings = { apiKey: 'public' };
const accepted: Reply = {
  status: 200,
  body: `{"Messages":[{"Status":"success","CustomID":"k1","To":[{"Email":"camille@exemple.fr","MessageUUID":"u1",
    "MessageID":576460767153471009,"MessageHref":"https://api.mailjet.com/v3/REST/message/576460767153471009"}]}]}`
};
const error = (status: number, StatusCode: number, ErrorMessage: string, ...ErrorRelatedTo: string[]): Reply => ({
  status,
  body: {
    Messages: [
      {
        Status: 'error',
        Errors: [{ ErrorIdentifier: 'e1', ErrorCode: 'mj-0013', StatusCode, ErrorMessage, ErrorRelatedTo }]
      }
    ]
  }
});

describeProvider('email.mailjet', {
  request: email,
  settings,
  accepted,
  // All digits, beyond what a number of JavaScript holds.
  messageId: '576460767153471009',
  refusals: [
    { answer: { status: 401, body: { ErrorIdentifier: 'e1', StatusCode: 401, ErrorMessage: 'API key failure' } }, scope: 'account' }, // prettier-ignore
    { answer: error(400, 400, '"x" is an invalid email address.', 'To[0].Email'), scope: 'recipient', says: '"x" is an invalid email address.' }, // prettier-ignore
    // Said in a success.
    { answer: error(200, 400, '"x" is an invalid email address.', 'To[0].Email'), scope: 'recipient', says: '"x" is an invalid email address.' }, // prettier-ignore
    { answer: error(400, 403, '"lea@atelier.fr" is not an authorized sender.', 'From'), scope: 'account', kind: 'sender_refused', says: '"lea@atelier.fr" is not an authorized sender.' }, // prettier-ignore
    { answer: error(200, 401, 'Account blocked.'), scope: 'account', says: 'Account blocked.' }
  ],
  delays: [{ answer: error(200, 429, 'Too many requests'), after: null }],
  unclear: [
    { status: 200, body: { Messages: [] } },
    { status: 200, body: { Messages: [{ Status: 'success' }] } }
  ],
  works: { status: 200, body: { Count: 1, Data: [{ Email: 'lea@atelier.fr', Status: 'Active' }], Total: 1 } },
  troubles: [
    { answers: [{ status: 401, body: { StatusCode: 401, ErrorMessage: 'API key failure' } }], says: 'key_refused' },
    {
      answers: [{ status: 200, body: { Count: 1, Data: [{ Email: 'lea@atelier.fr', Status: 'Inactive' }], Total: 1 } }],
      says: 'no_sender'
    }
  ]
});

test('the request is as documented', async () => {
  const { calls } = await send(providerOf('email.mailjet'), email, [accepted], settings);
  expect(calls[0]).toMatchObject({
    url: 'https://api.mailjet.com/v3.1/send',
    init: { method: 'POST', headers: { authorization: `Basic ${btoa(`public:${SECRET}`)}` } }
  });
  expect(jsonOf(calls[0]!)).toEqual({
    Messages: [
      {
        From: { Email: 'lea@atelier.fr', Name: 'Léa' },
        To: [{ Email: 'camille@exemple.fr', Name: 'Camille Noël' }],
        Subject: 'Bienvenue à l’été 🎉',
        TextPart: 'Bonjour 🎉',
        HTMLPart: '<p>Bonjour 🎉</p>',
        CustomID: 'k1',
        CustomCampaign: 'été',
        Headers: { 'List-Unsubscribe': '<mailto:lea@atelier.fr>' }
      }
    ]
  });
});
