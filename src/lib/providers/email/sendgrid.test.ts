import { describe, expect, test } from 'vitest';
import { describeProvider, email, jsonOf, providerOf, SECRET, send, tried, type Reply } from '../contract';

const sendgrid = providerOf('email.sendgrid');
const accepted: Reply = { status: 202, body: '', headers: { 'x-message-id': '14c5d75ce93.dfd.64b469' } };
const error = (status: number, message: string, field: string | null): Reply => ({
  status,
  body: { errors: [{ message, field, help: null }] }
});

describeProvider('email.sendgrid', {
  request: email,
  accepted,
  messageId: '14c5d75ce93.dfd.64b469',
  refusals: [
    { answer: error(401, 'The provided authorization grant is invalid', null), scope: 'account' },
    {
      answer: error(401, "The requestor's IP Address is not whitelisted", null),
      scope: 'account',
      kind: 'address_refused'
    },
    {
      answer: error(401, 'Maximum credits exceeded', null),
      scope: 'account',
      kind: 'quota_used_up',
      says: 'Maximum credits exceeded'
    },
    {
      answer: error(403, 'The from address does not match a verified Sender Identity.', 'from'),
      scope: 'account',
      kind: 'sender_refused',
      says: 'The from address does not match a verified Sender Identity.'
    },
    { answer: error(400, 'Does not contain a valid address.', 'from.email'), scope: 'account', kind: 'sender_refused' },
    {
      answer: error(400, 'Does not contain a valid address.', 'personalizations.0.to.0.email'),
      scope: 'recipient',
      says: 'Does not contain a valid address.'
    }
  ],
  unclear: [{ status: 200, body: { id: 'x' } }],
  works: { status: 200, body: { scopes: ['mail.send', 'alerts.read'] } },
  troubles: [
    { answers: [error(401, 'The provided authorization grant is invalid', null)], says: 'key_refused' },
    { answers: [error(401, "The requestor's IP Address is not whitelisted", null)], says: 'address_refused' },
    { answers: [{ status: 200, body: { scopes: ['alerts.read'] } }], says: 'may_not_send' }
  ]
});

describe('SendGrid', () => {
  test('the request is as documented, to the EU where the account is there', async () => {
    const { calls } = await send(sendgrid, email, [accepted], { baseUrl: 'https://api.eu.sendgrid.com/' });
    expect(calls[0]).toMatchObject({
      url: 'https://api.eu.sendgrid.com/v3/mail/send',
      init: { method: 'POST', headers: { authorization: `Bearer ${SECRET}` } }
    });
    expect(jsonOf(calls[0]!)).toEqual({
      personalizations: [{ to: [{ email: 'camille@exemple.fr', name: 'Camille Noël' }] }],
      from: { email: 'lea@atelier.fr', name: 'Léa' },
      subject: 'Bienvenue à l’été 🎉',
      content: [
        { type: 'text/plain', value: 'Bonjour 🎉' },
        { type: 'text/html', value: '<p>Bonjour 🎉</p>' }
      ],
      headers: { 'List-Unsubscribe': '<mailto:lea@atelier.fr>' },
      categories: ['été']
    });
  });

  test('an accepted message whose id cannot be read is accepted all the same', async () => {
    expect((await send(sendgrid, email, [{ status: 202 }])).result).toEqual({ status: 'accepted' });
  });

  test('a key that may not send does not pass the test', async () => {
    expect(await tried(sendgrid, [{ status: 200, body: { scopes: ['alerts.read'] } }])).toMatchObject({
      ok: false,
      reason: { key: 'words.provider.may_not_send' }
    });
  });

  test('nor does one that may not read the email activity that is to be read', async () => {
    const scopes = ['mail.send', 'messages.read'];
    const said = (more: string[], emailActivity: boolean) =>
      tried(sendgrid, [{ status: 200, body: { scopes: [...scopes, ...more] } }], { emailActivity });
    expect(await said([], true)).toMatchObject({ ok: false, reason: { key: 'words.provider.no_email_activity' } });
    expect(await said(['email_activity.read'], true)).toMatchObject({ ok: true });
    expect(await said([], false)).toMatchObject({ ok: true });
  });
});
