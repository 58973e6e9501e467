import { describe, expect, test } from 'vitest';
import { describeAhead, LEAVES } from '../ahead-contract';
import { describeBatches, sendTogether, toEach } from '../batch-contract';
import { describeProvider, email, jsonOf, providerOf, SECRET, send, tried, type Reply } from '../contract';

const resend = providerOf('email.resend');
const accepted: Reply = { status: 200, body: { id: '49a3999c-0ce1-4ea6-ab68-afcd6dc2e794' } };
const error = (statusCode: number, name: string, message: string): Reply => ({
  status: statusCode,
  body: { statusCode, name, message }
});

describeProvider('email.resend', {
  request: email,
  accepted,
  messageId: '49a3999c-0ce1-4ea6-ab68-afcd6dc2e794',
  refusals: [
    { answer: error(401, 'validation_error', 'API key is invalid'), scope: 'account', kind: 'key_refused' },
    { answer: error(403, 'invalid_api_key', 'API key is invalid'), scope: 'account' },
    {
      answer: error(403, 'validation_error', 'The atelier.fr domain is not verified.'),
      scope: 'account',
      kind: 'sender_refused',
      says: 'The atelier.fr domain is not verified.'
    },
    {
      answer: error(422, 'invalid_from_address', 'Invalid `from` field.'),
      scope: 'account',
      kind: 'sender_refused',
      says: 'Invalid `from` field.'
    },
    {
      answer: error(422, 'validation_error', 'Invalid `to` field.'),
      scope: 'recipient',
      says: 'Invalid `to` field.'
    },
    {
      answer: error(429, 'monthly_quota_exceeded', 'You have reached your monthly email quota.'),
      scope: 'account',
      kind: 'quota_used_up',
      says: 'You have reached your monthly email quota.'
    }
  ],
  delays: [
    { answer: error(429, 'rate_limit_exceeded', 'Too many requests'), after: null },
    { answer: error(429, 'daily_quota_exceeded', 'You have reached your daily email quota.'), after: 3_600_000 },
    { answer: error(409, 'concurrent_idempotent_requests', 'Same idempotency key in use'), after: null }
  ],
  unclear: [error(409, 'invalid_idempotent_request', 'Same idempotency key, other payload')],
  works: { status: 200, body: { data: [{ name: 'atelier.fr', status: 'verified' }] } },
  troubles: [
    { answers: [error(403, 'invalid_api_key', 'API key is invalid')], says: 'key_refused' },
    { answers: [error(400, 'validation_error', 'API key is invalid')], says: 'key_refused' },
    { answers: [{ status: 200, body: { data: [] } }], says: 'no_sender' },
    { answers: [{ status: 200, body: { data: [{ name: 'atelier.fr', status: 'pending' }] } }], says: 'no_sender' }
  ]
});

describeAhead('email.resend', {
  request: email,
  accepted,
  scheduledIn: (call) => (jsonOf(call) as { scheduled_at?: string }).scheduled_at,
  scheduled: new Date(LEAVES).toISOString(),
  cancel: {
    method: 'POST',
    url: 'https://api.resend.com/emails/m%2F1/cancel',
    answer: { status: 200, body: { object: 'email', id: 'm/1' } }
  },
  late: [
    error(422, 'validation_error', 'The email is already sent.'),
    { status: 200, body: { last_event: 'delivered' } }
  ],
  again: [error(422, 'validation_error', 'It cannot be cancelled.'), { status: 200, body: { last_event: 'canceled' } }]
});

describe('Resend', () => {
  test('the request is as documented', async () => {
    const { calls } = await send(resend, email, [accepted]);
    expect(calls[0]).toMatchObject({
      url: 'https://api.resend.com/emails',
      init: { method: 'POST', headers: { authorization: `Bearer ${SECRET}`, 'idempotency-key': 'k1' } }
    });
    expect(jsonOf(calls[0]!)).toEqual({
      from: 'Léa <lea@atelier.fr>',
      to: ['Camille Noël <camille@exemple.fr>'],
      subject: 'Bienvenue à l’été 🎉',
      html: '<p>Bonjour 🎉</p>',
      text: 'Bonjour 🎉',
      tags: [{ name: 'tag', value: 'ete' }],
      headers: { 'List-Unsubscribe': '<mailto:lea@atelier.fr>' }
    });
  });

  test('a reply address has a place of its own', async () => {
    const { calls } = await send(resend, { ...email, headers: { 'Reply-To': 'sav@atelier.fr' } }, [accepted]);
    expect(jsonOf(calls[0]!)).toMatchObject({ reply_to: 'sav@atelier.fr' });
    expect(jsonOf(calls[0]!)).not.toHaveProperty('headers');
  });

  test('a key that may only send passes the test, a deleted one does not', async () => {
    const restricted = error(401, 'restricted_api_key', 'This API key is restricted to only send emails.');
    expect(await tried(resend, [restricted])).toMatchObject({ ok: true });
    expect(await tried(resend, [error(400, 'validation_error', 'API key is invalid')])).toMatchObject({
      ok: false,
      reason: { key: 'words.provider.key_refused' }
    });
  });
});

describeBatches('email.resend', {
  request: email,
  accepted: (ids) => ({ status: 200, body: { data: ids.map((id) => ({ id })) } }),
  refusals: [
    { answer: error(422, 'validation_error', 'Invalid `to` field.'), scope: 'recipient' },
    { answer: error(422, 'invalid_from_address', 'Invalid `from` field.'), scope: 'account' },
    { answer: error(403, 'invalid_api_key', 'API key is invalid'), scope: 'account' }
  ]
});

describe('several emails in one call', () => {
  const requests = toEach(email, 'Camille', 'Noé', 'Zoé').map((request) => ({
    ...request,
    headers: { 'List-Unsubscribe': `<https://relais.fr/u/${request.text}>` }
  }));

  test('as Resend wants them: a list, under the key, and one that is not valid keeps none of the others', async () => {
    const { calls } = await sendTogether('email.resend', requests, accepted);
    expect(calls[0]).toMatchObject({
      url: 'https://api.resend.com/emails/batch',
      init: { method: 'POST', headers: { 'idempotency-key': 'b1', 'x-batch-validation': 'permissive' } }
    });
    const body = jsonOf(calls[0]!) as object[];
    expect(body).toHaveLength(3);
    expect(body[1]).toEqual({
      from: 'Léa <lea@atelier.fr>',
      to: ['Noé <noé@exemple.fr>'],
      subject: email.subject,
      html: '<p>Noé</p>',
      text: 'Noé',
      tags: [{ name: 'tag', value: 'ete' }],
      headers: { 'List-Unsubscribe': '<https://relais.fr/u/Noé>' }
    });
  });

  test('who is refused is told by their place', async () => {
    const body = {
      data: [{ id: 'm1' }, { id: 'm3' }],
      errors: [{ index: 1, message: 'Invalid `to` field.' }]
    };
    const { result } = await sendTogether('email.resend', requests, { status: 200, body });
    expect(result).toMatchObject([
      { status: 'accepted', messageId: 'm1' },
      { status: 'rejected', scope: 'recipient', reason: { params: { text: 'Invalid `to` field.' } } },
      { status: 'accepted', messageId: 'm3' }
    ]);
  });

  test('with another content under the same key: nobody knows', async () => {
    const answer = error(409, 'invalid_idempotent_request', 'Same idempotency key, other payload');
    expect((await sendTogether('email.resend', requests, answer)).result).toMatchObject({ status: 'unknown' });
  });
});
