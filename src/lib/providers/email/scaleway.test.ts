import { expect, test } from 'vitest';
import { describeProvider, email, jsonOf, providerOf, SECRET, send, type Reply } from '../contract';

const settings = { projectId: 'p1' };
const accepted: Reply = {
  status: 200,
  body: {
    emails: [{ id: 'a9c8e7f6', message_id: '<a9c8e7f6@atelier.fr>', status: 'new', mail_rcpt: 'camille@exemple.fr' }]
  }
};
const invalid = (argument_name: string): Reply => ({
  status: 400,
  body: {
    type: 'invalid_arguments',
    message: 'invalid argument(s)',
    details: [{ argument_name, reason: 'constraint', help_message: 'not a valid address' }]
  }
});

describeProvider('email.scaleway', {
  request: email,
  settings,
  accepted,
  messageId: 'a9c8e7f6',
  refusals: [
    { answer: { status: 401, body: { type: 'denied_authentication', message: 'authentication is denied' } }, scope: 'account' }, // prettier-ignore
    {
      answer: { status: 403, body: { type: 'permissions_denied', message: 'insufficient permissions' } },
      scope: 'account',
      says: 'insufficient permissions'
    },
    {
      answer: { status: 403, body: { type: 'quotas_exceeded', message: 'quota exceeded' } },
      scope: 'account',
      kind: 'quota_used_up',
      says: 'quota exceeded'
    },
    { answer: invalid('to'), scope: 'recipient', says: 'invalid argument(s): to: not a valid address' },
    {
      answer: invalid('from.email'),
      scope: 'account',
      kind: 'sender_refused',
      says: 'invalid argument(s): from.email: not a valid address'
    }
  ],
  unclear: [{ status: 200, body: { emails: [] } }],
  works: { status: 200, body: { total_count: 1, domains: [{ name: 'atelier.fr', status: 'checked' }] } },
  troubles: [
    {
      answers: [{ status: 401, body: { type: 'denied_authentication', message: 'authentication is denied' } }],
      says: 'key_refused'
    },
    {
      answers: [{ status: 200, body: { total_count: 1, domains: [{ name: 'atelier.fr', status: 'unchecked' }] } }],
      says: 'no_sender'
    }
  ]
});

test('the request is as documented', async () => {
  const { calls } = await send(providerOf('email.scaleway'), email, [accepted], settings);
  expect(calls[0]).toMatchObject({
    url: 'https://api.scaleway.com/transactional-email/v1alpha1/regions/fr-par/emails',
    init: { method: 'POST', headers: { 'x-auth-token': SECRET } }
  });
  expect(jsonOf(calls[0]!)).toEqual({
    from: { email: 'lea@atelier.fr', name: 'Léa' },
    to: [{ email: 'camille@exemple.fr', name: 'Camille Noël' }],
    subject: 'Bienvenue à l’été 🎉',
    text: 'Bonjour 🎉',
    html: '<p>Bonjour 🎉</p>',
    project_id: 'p1',
    additional_headers: [{ key: 'List-Unsubscribe', value: '<mailto:lea@atelier.fr>' }]
  });
});
