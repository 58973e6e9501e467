import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { describeProvider, jsonOf, NOW, providerOf, SECRET, send, sms, type Reply } from '../contract';

const ovh = providerOf('sms.ovh');
const settings = { serviceName: 'sms-ab12345-1', applicationKey: 'app' };
const taken = { totalCreditsRemoved: 1, invalidReceivers: [], ids: [27814656], validReceivers: ['+33612345678'] };
const accepted: Reply = { status: 200, body: taken };
const error = (status: number, errorCode: string, message: string): Reply => ({ status, body: { errorCode, message } });

describeProvider('sms.ovh', {
  request: sms,
  settings,
  accepted,
  messageId: '27814656',
  refusals: [
    { answer: error(403, 'INVALID_CREDENTIAL', 'This credential is not valid'), scope: 'account' },
    { answer: error(400, 'INVALID_SIGNATURE', 'Invalid signature'), scope: 'account', says: 'Invalid signature' },
    { answer: error(400, 'QUERY_TIME_OUT', 'Query out of time'), scope: 'account', says: 'Query out of time' },
    {
      answer: { status: 402, body: { message: 'Not enough credits' } },
      scope: 'account',
      kind: 'quota_used_up',
      says: 'Not enough credits'
    },
    {
      answer: { status: 400, body: { message: 'Invalid sender' } },
      scope: 'account',
      kind: 'sender_refused',
      says: 'Invalid sender'
    },
    { answer: { status: 400, body: { message: 'Bad receiver' } }, scope: 'recipient', says: 'Bad receiver' },
    // A success that took no number.
    {
      answer: { status: 200, body: { ...taken, ids: [], invalidReceivers: ['+336'], validReceivers: [] } },
      scope: 'recipient'
    }
  ],
  unclear: [{ status: 200, body: { ...taken, ids: [] } }]
});

describe('OVHcloud', () => {
  test('the request is as documented, and signed', async () => {
    const { calls } = await send(ovh, sms, [accepted], settings);
    const address = 'https://eu.api.ovh.com/1.0/sms/sms-ab12345-1/jobs';
    const { url, init } = calls[0]!;
    expect(url).toBe(address);
    const plain = [SECRET, SECRET, 'POST', address, init!.body, NOW / 1_000].join('+');
    expect(init!.headers).toMatchObject({
      'x-ovh-application': 'app',
      'x-ovh-consumer': SECRET,
      'x-ovh-timestamp': String(NOW / 1_000),
      'x-ovh-signature': `$1$${createHash('sha1').update(plain).digest('hex')}`
    });
    expect(jsonOf(calls[0]!)).toEqual({
      message: 'Soldes d’été 🎉 STOP',
      receivers: ['+33612345678'],
      sender: 'Atelier',
      charset: 'UTF-8',
      noStopClause: false,
      tag: 'soldes'
    });
  });

  test('the test button asks for the time, then for the SMS account', async () => {
    const fields = { ...settings, applicationSecret: SECRET, consumerKey: SECRET, baseUrl: 'https://eu.api.ovh.com' };
    const asked = (...replies: { status: number; text: string }[]) =>
      ovh.test({
        fields,
        fetch: () => {
          const { status, text } = replies.shift()!;
          return Promise.resolve({ ok: true, status, headers: { get: () => null }, text: () => Promise.resolve(text) });
        }
      });
    const time = { status: 200, text: '1799136000' };
    expect(await asked(time, { status: 200, text: '{"name":"sms-ab12345-1"}' })).toMatchObject({ ok: true });
    for (const [answer, key] of [
      [{ status: 403, text: '{}' }, 'key_refused'],
      [{ status: 404, text: '{}' }, 'unknown_there'],
      [{ status: 200, text: '{"name":"sms-ab12345-1","status":"disable"}' }, 'sending_off'],
      [{ status: 200, text: '{"name":"sms-ab12345-1","status":"enable","creditsLeft":0}' }, 'no_credit']
    ] as const)
      expect(await asked(time, answer)).toMatchObject({ ok: false, reason: { key: `words.provider.${key}` } });
  });
});
