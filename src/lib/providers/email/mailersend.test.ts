import { describe, expect, test } from 'vitest';
import { describeProvider, email, jsonOf, providerOf, SECRET, send, type Reply } from '../contract';

const mailersend = providerOf('email.mailersend');
const accepted: Reply = { status: 202, body: '', headers: { 'x-message-id': '5e42957d51f1d94a1070a733' } };
const error = (status: number, field: string, said: string): Reply => ({
  status,
  body: { message: 'The given data was invalid.', errors: { [field]: [said] } }
});
const suppressed = 'Some of the recipients have been suppressed.';

describeProvider('email.mailersend', {
  request: email,
  accepted,
  messageId: '5e42957d51f1d94a1070a733',
  refusals: [
    { answer: { status: 401, body: { message: 'Unauthenticated.' } }, scope: 'account' },
    {
      answer: error(422, 'from.email', 'The from.email domain must be verified in your account. #MS42207'),
      scope: 'account',
      kind: 'sender_refused',
      says: 'The from.email domain must be verified in your account. #MS42207'
    },
    {
      answer: { status: 422, body: { message: 'You have reached the quota. #MS42225' } },
      scope: 'account',
      kind: 'quota_used_up'
    },
    {
      answer: error(422, 'to.0.email', 'The to.0.email must be a valid email address. #MS42201'),
      scope: 'recipient',
      says: 'The to.0.email must be a valid email address. #MS42201'
    },
    {
      answer: { status: 202, body: { message: 'There are some warnings', warnings: [{ type: 'ALL_SUPPRESSED', warning: suppressed }] } }, // prettier-ignore
      scope: 'recipient',
      says: suppressed
    }
  ],
  delays: [{ answer: { status: 429, body: { message: 'Too Many Attempts. #MS42903' } }, after: null }],
  unclear: [{ status: 202, body: '<html>' }],
  works: { status: 200, body: { data: [{ name: 'atelier.fr', is_verified: true }] } },
  troubles: [
    { answers: [{ status: 401, body: { message: 'Unauthenticated.' } }], says: 'key_refused' },
    { answers: [{ status: 200, body: { data: [{ name: 'atelier.fr', is_verified: false }] } }], says: 'no_sender' }
  ]
});

describe('MailerSend', () => {
  test('the request is as documented', async () => {
    const headers = { ...email.headers, 'X-Atelier': '1' };
    const { calls } = await send(mailersend, { ...email, headers }, [accepted]);
    expect(calls[0]).toMatchObject({
      url: 'https://api.mailersend.com/v1/email',
      init: { method: 'POST', headers: { authorization: `Bearer ${SECRET}` } }
    });
    expect(jsonOf(calls[0]!)).toEqual({
      from: { email: 'lea@atelier.fr', name: 'Léa' },
      to: [{ email: 'camille@exemple.fr', name: 'Camille Noël' }],
      subject: 'Bienvenue à l’été 🎉',
      text: 'Bonjour 🎉',
      html: '<p>Bonjour 🎉</p>',
      tags: ['été'],
      precedence_bulk: true,
      list_unsubscribe: '<mailto:lea@atelier.fr>',
      headers: [{ name: 'X-Atelier', value: '1' }]
    });
  });

  test('an accepted message whose id cannot be read is accepted all the same', async () => {
    expect((await send(mailersend, email, [{ status: 202 }])).result).toEqual({ status: 'accepted' });
  });
});
