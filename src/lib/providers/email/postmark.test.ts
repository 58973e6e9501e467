import { describe, expect, test } from 'vitest';
import { describeProvider, email, jsonOf, providerOf, SECRET, send, type Reply } from '../contract';

const postmark = providerOf('email.postmark');
const accepted: Reply = {
  status: 200,
  body: {
    To: 'camille@exemple.fr',
    SubmittedAt: '2027-01-05T08:00:00.0000000Z',
    MessageID: '0a129aee-e1cd-480d-b08d-4f48548ff48d',
    ErrorCode: 0,
    Message: 'OK'
  }
};
const error = (status: number, ErrorCode: number, Message: string): Reply => ({ status, body: { ErrorCode, Message } });

describeProvider('email.postmark', {
  request: email,
  accepted,
  messageId: '0a129aee-e1cd-480d-b08d-4f48548ff48d',
  refusals: [
    { answer: error(401, 10, 'Bad or missing Server API token.'), scope: 'account', kind: 'key_refused' },
    { answer: error(422, 300, "Invalid 'To' address: 'x'."), scope: 'recipient', says: "Invalid 'To' address: 'x'." },
    {
      answer: error(422, 300, "Invalid 'From' address: 'x'."),
      scope: 'account',
      kind: 'sender_refused',
      says: "Invalid 'From' address: 'x'."
    },
    {
      answer: error(422, 400, 'No Sender Signature.'),
      scope: 'account',
      kind: 'sender_refused',
      says: 'No Sender Signature.'
    },
    { answer: error(422, 405, 'Out of credits.'), scope: 'account', kind: 'quota_used_up', says: 'Out of credits.' },
    { answer: error(422, 406, 'Inactive recipient.'), scope: 'recipient', says: 'Inactive recipient.' },
    // Said in a success.
    { answer: error(200, 406, 'Inactive recipient.'), scope: 'recipient', says: 'Inactive recipient.' },
    { answer: error(422, 412, 'Your account is pending.'), scope: 'account', says: 'Your account is pending.' },
    { answer: error(422, 1235, 'No such stream.'), scope: 'account', says: 'No such stream.' }
  ],
  delays: [
    { answer: error(429, 429, 'Rate limit exceeded.'), after: null },
    { answer: error(422, 100, 'Maintenance.'), after: null }
  ],
  unclear: [{ status: 200, body: { ErrorCode: 0, Message: 'OK' } }, error(500, 0, 'Server error')],
  works: { status: 200, body: { ID: 1, Name: 'Atelier', DeliveryType: 'Live' } },
  troubles: [
    { answers: [error(401, 10, 'Bad or missing Server API token.')], says: 'key_refused' },
    { answers: [{ status: 200, body: { ID: 1, Name: 'Atelier', DeliveryType: 'Sandbox' } }], says: 'test_server' }
  ]
});

describe('Postmark', () => {
  test('the request is as documented', async () => {
    const { calls } = await send(postmark, email, [accepted]);
    expect(calls[0]).toMatchObject({
      url: 'https://api.postmarkapp.com/email',
      init: { method: 'POST', headers: { 'x-postmark-server-token': SECRET } }
    });
    expect(jsonOf(calls[0]!)).toEqual({
      From: 'Léa <lea@atelier.fr>',
      To: 'Camille Noël <camille@exemple.fr>',
      Subject: 'Bienvenue à l’été 🎉',
      HtmlBody: '<p>Bonjour 🎉</p>',
      TextBody: 'Bonjour 🎉',
      Tag: 'été',
      Headers: [{ Name: 'List-Unsubscribe', Value: '<mailto:lea@atelier.fr>' }],
      MessageStream: 'broadcast'
    });
  });

  test('what is no marketing leaves through the stream for transactional messages', async () => {
    const { calls } = await send(postmark, { ...email, kind: 'transactional' }, [accepted]);
    expect(jsonOf(calls[0]!)).toMatchObject({ MessageStream: 'outbound' });
  });
});
