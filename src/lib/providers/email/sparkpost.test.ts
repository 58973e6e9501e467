import { expect, test } from 'vitest';
import { describeProvider, email, jsonOf, providerOf, SECRET, send, type Reply } from '../contract';

const results = { total_rejected_recipients: 0, total_accepted_recipients: 1, id: '11668787484950529' };
const accepted: Reply = { status: 200, body: { results } };
const error = (status: number, message: string, description: string, code = '1902'): Reply => ({
  status,
  body: { errors: [{ message, description, code }] }
});

describeProvider('email.sparkpost', {
  request: email,
  accepted,
  messageId: '11668787484950529',
  refusals: [
    { answer: { status: 401, body: { errors: [{ message: 'Unauthorized.' }] } }, scope: 'account' },
    { answer: { status: 403, body: { errors: [{ message: 'Forbidden.' }] } }, scope: 'account', says: 'Forbidden.' },
    {
      answer: error(400, 'Message generation rejected', 'recipient address suppressed due to customer policy'),
      scope: 'recipient',
      says: 'Message generation rejected: recipient address suppressed due to customer policy'
    },
    {
      answer: error(400, 'Invalid domain', "Unconfigured Sending Domain 'atelier.fr'", '7001'),
      scope: 'account',
      kind: 'sender_refused',
      says: "Invalid domain: Unconfigured Sending Domain 'atelier.fr'"
    },
    // A success that took nobody.
    {
      answer: {
        status: 200,
        body: { results: { ...results, total_rejected_recipients: 1, total_accepted_recipients: 0 } }
      },
      scope: 'recipient'
    }
  ],
  delays: [{ answer: error(420, 'Exceed Sending Limit (daily)', 'over quota', '2102'), after: 3_600_000 }],
  unclear: [{ status: 200, body: { results: {} } }],
  works: { status: 200, body: { results: { company_name: 'Atelier', status: 'active' } } },
  troubles: [
    { answers: [{ status: 401, body: { errors: [{ message: 'Unauthorized.' }] } }], says: 'key_refused' },
    {
      answers: [{ status: 200, body: { results: { company_name: 'Atelier', status: 'suspended' } } }],
      says: 'sending_off'
    },
    {
      answers: [{ status: 200, body: { results: { status: 'active', usage: { day: { used: 500, limit: 500 } } } } }],
      says: 'no_credit'
    }
  ]
});

test('the request is as documented, to the EU where the account is there', async () => {
  const { calls } = await send(providerOf('email.sparkpost'), email, [accepted], {
    baseUrl: 'https://api.eu.sparkpost.com'
  });
  expect(calls[0]).toMatchObject({
    url: 'https://api.eu.sparkpost.com/api/v1/transmissions',
    init: { method: 'POST', headers: { authorization: SECRET } }
  });
  expect(jsonOf(calls[0]!)).toEqual({
    options: { transactional: false },
    recipients: [{ address: { email: 'camille@exemple.fr', name: 'Camille Noël' }, tags: ['été'] }],
    content: {
      from: { email: 'lea@atelier.fr', name: 'Léa' },
      subject: 'Bienvenue à l’été 🎉',
      html: '<p>Bonjour 🎉</p>',
      text: 'Bonjour 🎉',
      headers: { 'List-Unsubscribe': '<mailto:lea@atelier.fr>' }
    }
  });
});
