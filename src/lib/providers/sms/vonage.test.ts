import { describe, expect, test } from 'vitest';
import { describeProvider, formOf, providerOf, SECRET, send, sms, type Reply } from '../contract';

const settings = { apiKey: 'abcd1234' };
const vonage = providerOf('sms.vonage');
const accepted: Reply = {
  status: 200,
  body: { 'message-count': '1', messages: [{ to: '33612345678', 'message-id': 'aaaaaaaa', status: '0' }] }
};
// Whatever has happened is said in a 200.
const state = (status: string, said: string): Reply => ({
  status: 200,
  body: { 'message-count': '1', messages: [{ status, 'error-text': said }] }
});

describeProvider('sms.vonage', {
  request: sms,
  settings,
  accepted,
  messageId: 'aaaaaaaa',
  refusals: [
    { answer: state('2', 'Missing to param'), scope: 'recipient', says: 'Missing to param' },
    { answer: state('4', 'Bad Credentials'), scope: 'account', kind: 'key_refused' },
    { answer: state('6', 'Unroutable message'), scope: 'recipient', says: 'Unroutable message' },
    { answer: state('7', 'Number barred'), scope: 'recipient', says: 'Number barred' },
    { answer: state('9', 'Quota Exceeded'), scope: 'account', kind: 'quota_used_up', says: 'Quota Exceeded' },
    { answer: state('15', 'Invalid sender'), scope: 'account', kind: 'sender_refused', says: 'Invalid sender' },
    { answer: state('29', 'Non White-listed Destination'), scope: 'recipient', says: 'Non White-listed Destination' }
  ],
  delays: [{ answer: state('1', 'Throughput Rate Exceeded'), after: null }],
  unclear: [state('5', 'Internal Error'), { status: 200, body: { messages: [{ status: '0' }] } }],
  works: { status: 200, body: { value: 3.14, autoReload: false } },
  troubles: [
    {
      answers: [{ status: 401, body: { 'error-code': '401', 'error-code-label': 'authentication failed' } }],
      says: 'key_refused'
    },
    { answers: [{ status: 200, body: { value: 0, autoReload: false } }], says: 'no_credit' }
  ]
});

describe('Vonage', () => {
  test('the form is as documented, in Unicode where the text needs it', async () => {
    const { calls } = await send(vonage, sms, [accepted], settings);
    expect(calls[0]).toMatchObject({ url: 'https://rest.nexmo.com/sms/json', init: { method: 'POST' } });
    expect(formOf(calls[0]!)).toEqual({
      api_key: 'abcd1234',
      api_secret: SECRET,
      from: 'Atelier',
      to: '33612345678',
      text: 'Soldes d’été 🎉 STOP',
      type: 'unicode',
      'client-ref': 'k1'
    });
  });

  test.each([
    ['Déjà 5 € de moins', 'text'],
    ['Bientôt l’été', 'unicode']
  ])('%s leaves as %s', async (text, type) => {
    const { calls } = await send(vonage, { ...sms, text }, [accepted], settings);
    expect(formOf(calls[0]!).type).toBe(type);
  });

  test('a text of which the first part has left is not sent again', async () => {
    const messages = [
      { status: '0', 'message-id': 'p1' },
      { status: '1', 'error-text': 'Throttled' }
    ];
    expect((await send(vonage, sms, [{ status: 200, body: { messages } }], settings)).result).toEqual({
      status: 'accepted',
      messageId: 'p1'
    });
  });
});
