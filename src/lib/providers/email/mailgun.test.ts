import { expect, test } from 'vitest';
import { describeProvider, email, formOf, providerOf, SECRET, send, type Reply } from '../contract';

const settings = { domain: 'mg.atelier.fr' };
const accepted: Reply = {
  status: 200,
  body: { id: '<20270105080000.1@mg.atelier.fr>', message: 'Queued. Thank you.' }
};
const invalid = 'to parameter is not a valid address. please check documentation';

describeProvider('email.mailgun', {
  request: email,
  settings,
  accepted,
  messageId: '<20270105080000.1@mg.atelier.fr>',
  refusals: [
    { answer: { status: 401, body: 'Forbidden' }, scope: 'account' },
    { answer: { status: 400, body: { message: invalid } }, scope: 'recipient', says: invalid },
    {
      answer: { status: 400, body: { message: 'from parameter is missing' } },
      scope: 'account',
      kind: 'sender_refused'
    },
    {
      answer: { status: 402, body: { message: 'Pay first' } },
      scope: 'account',
      kind: 'quota_used_up',
      says: 'Pay first'
    },
    { answer: { status: 403, body: { message: 'Account disabled' } }, scope: 'account', says: 'Account disabled' },
    {
      answer: { status: 403, body: { message: 'Domain mg.atelier.fr is not allowed to send: activate it' } },
      scope: 'account',
      kind: 'sender_refused'
    },
    {
      answer: { status: 403, body: { message: 'Domain mg.atelier.fr is not allowed to send: limit exceeded' } },
      scope: 'account',
      kind: 'quota_used_up'
    },
    {
      answer: { status: 404, body: { message: 'Domain not found: x' } },
      scope: 'account',
      kind: 'sender_refused',
      says: 'Domain not found: x'
    }
  ],
  delays: [{ answer: { status: 429, body: { message: 'Too many requests' } }, after: null }],
  works: { status: 200, body: { domain: { name: 'mg.atelier.fr', state: 'active' } } },
  troubles: [
    { answers: [{ status: 401, body: 'Forbidden' }], says: 'key_refused' },
    { answers: [{ status: 404, body: { message: 'Domain not found' } }], says: 'unknown_there' },
    {
      answers: [{ status: 200, body: { domain: { name: 'mg.atelier.fr', state: 'unverified' } } }],
      says: 'domain_unverified'
    },
    {
      answers: [{ status: 200, body: { domain: { name: 'mg.atelier.fr', state: 'disabled', is_disabled: true } } }],
      says: 'sending_off'
    }
  ]
});

test.each(['https://api.mailgun.net', 'https://api.eu.mailgun.net'])(
  'the form sent to %s is as documented',
  async (baseUrl) => {
    const { calls } = await send(providerOf('email.mailgun'), email, [accepted], { ...settings, baseUrl });
    expect(calls[0]).toMatchObject({
      url: `${baseUrl}/v3/mg.atelier.fr/messages`,
      init: { method: 'POST', headers: { authorization: `Basic ${btoa(`api:${SECRET}`)}` } }
    });
    expect(formOf(calls[0]!)).toEqual({
      from: 'Léa <lea@atelier.fr>',
      to: 'Camille Noël <camille@exemple.fr>',
      subject: 'Bienvenue à l’été 🎉',
      text: 'Bonjour 🎉',
      html: '<p>Bonjour 🎉</p>',
      'o:tag': 'ete',
      'h:List-Unsubscribe': '<mailto:lea@atelier.fr>'
    });
  }
);
