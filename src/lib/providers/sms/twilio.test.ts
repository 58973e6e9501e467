import { describe, expect, test } from 'vitest';
import { describeAhead } from '../ahead-contract';
import { describeLookUp, describeProvider, formOf, lookUp, NOW, providerOf, SECRET, send, sms, type Reply } from '../contract'; // prettier-ignore

const twilio = providerOf('sms.twilio');
const settings = { accountSid: 'AC1' };
const accepted: Reply = { status: 201, body: { sid: 'SM1', status: 'queued', error_code: null } };

describeProvider('sms.twilio', {
  request: sms,
  settings,
  accepted,
  messageId: 'SM1',
  refusals: [
    { answer: { status: 401, body: { code: 20003, message: 'no' } }, scope: 'account' },
    {
      answer: { status: 400, body: { code: 21606, message: 'no' } },
      scope: 'account',
      kind: 'sender_refused',
      says: 'no'
    },
    { answer: { status: 400, body: { code: 21211, message: 'no' } }, scope: 'recipient', says: 'no' },
    { answer: { status: 400, body: { code: 21610, message: 'no' } }, scope: 'recipient', says: 'no' },
    // A created message that failed was not sent.
    {
      answer: { status: 201, body: { sid: 'SM1', status: 'failed', error_message: 'Unreachable' } },
      scope: 'recipient',
      says: 'Unreachable'
    }
  ],
  works: { status: 200, body: { friendly_name: 'Atelier', status: 'active', type: 'Full' } },
  troubles: [
    { answers: [{ status: 401, body: { code: 20003, message: 'Authenticate' } }], says: 'key_refused' },
    { answers: [{ status: 404, body: { code: 20404 } }], says: 'unknown_there' },
    { answers: [{ status: 200, body: { friendly_name: 'Atelier', status: 'suspended' } }], says: 'sending_off' }
  ]
});

describeAhead('sms.twilio', {
  request: { ...sms, from: 'MG1' },
  settings,
  accepted: { status: 201, body: { sid: 'SM1', status: 'scheduled' } },
  scheduledIn: (call) => {
    const { ScheduleType: type, SendAt: at } = formOf(call);
    return type === undefined ? at : [type, at];
  },
  scheduled: ['fixed', '2027-01-05T10:00:00Z'],
  cancel: {
    method: 'POST',
    url: 'https://api.twilio.com/2010-04-01/Accounts/AC1/Messages/m%2F1.json',
    body: 'Status=canceled',
    answer: { status: 200, body: { sid: 'm/1', status: 'canceled' } }
  },
  late: [
    { status: 400, body: { code: 30409, message: 'This message cannot be canceled' } },
    { status: 200, body: { sid: 'm/1', status: 'sent' } }
  ],
  again: [
    { status: 400, body: { code: 30409, message: 'This message cannot be canceled' } },
    { status: 200, body: { sid: 'm/1', status: 'canceled' } }
  ]
});

test('a number of its own lets nothing leave later: a messaging service does', () => {
  expect([sms, { ...sms, from: 'MG1' }].map(({ from }) => twilio.ahead?.takesFrom?.(from))).toEqual([false, true]);
});

describe('Twilio', () => {
  test('the request is form-encoded, with basic authorization', async () => {
    const { calls } = await send(twilio, sms, [accepted], settings);
    expect(calls[0]).toMatchObject({
      url: 'https://api.twilio.com/2010-04-01/Accounts/AC1/Messages.json',
      init: { headers: { authorization: `Basic ${btoa(`AC1:${SECRET}`)}` } }
    });
    expect(formOf(calls[0]!)).toEqual({ To: '+33612345678', From: 'Atelier', Body: 'Soldes d’été 🎉 STOP' });
    const service = await send(twilio, { ...sms, from: 'MG9' }, [{ status: 201, body: { sid: 'x' } }]);
    expect(formOf(service.calls[0]!).MessagingServiceSid).toBe('MG9');
  });

  test('Retry-After is seconds, or a date', async () => {
    const after = async (header: string) =>
      (await send(twilio, sms, [{ status: 503, headers: { 'retry-after': header } }])).result;
    expect(await after('120')).toMatchObject({ status: 'retry', after: 120_000 });
    expect(await after('Tue, 05 Jan 2027 09:00:00 GMT')).toMatchObject({ after: null, at: NOW + 3_600_000 });
    expect(await after('soon')).toMatchObject({ after: null });
  });
});

describe('looking up a call whose answer was lost', () => {
  describeLookUp('sms.twilio', sms, settings);

  test('by number; a message that failed was not sent', async () => {
    const date = new Date(NOW).toUTCString();
    const messages = [
      { sid: 'SM2', body: sms.text, status: 'undelivered', date_created: date },
      { sid: 'SM1', body: sms.text, status: 'sent', date_created: date },
      { sid: 'SM0', body: 'Autre', status: 'sent', date_created: date }
    ];
    const { found, calls } = await lookUp(twilio, sms, [{ status: 200, body: { messages } }], settings);
    expect(found).toEqual({ messageIds: ['SM1'] });
    const url = new URL(calls[0]!.url);
    expect(url.pathname).toBe('/2010-04-01/Accounts/AC1/Messages.json');
    expect(Object.fromEntries(url.searchParams)).toEqual({ To: '+33612345678', 'DateSent>': '2027-01-05', PageSize: '100' }); // prettier-ignore
  });
});
