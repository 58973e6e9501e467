import { expect, test } from 'vitest';
import { describeAhead } from '../ahead-contract';
import { describeProvider, jsonOf, providerOf, SECRET, send, sms, type Reply } from '../contract';

const accepted: Reply = {
  status: 200,
  body: { data: { record_type: 'message', id: '40385f64-5717', to: [{ status: 'queued' }], errors: [] } }
};
const error = (status: number, code: string, detail: string): Reply => ({
  status,
  body: { errors: [{ code, title: 'Refused', detail }] }
});

describeProvider('sms.telnyx', {
  request: sms,
  accepted,
  messageId: '40385f64-5717',
  refusals: [
    { answer: error(401, '10009', 'Authentication failed'), scope: 'account' },
    {
      answer: error(402, '20100', 'Insufficient funds'),
      scope: 'account',
      kind: 'quota_used_up',
      says: 'Insufficient funds'
    },
    { answer: error(403, '40300', 'Blocked due to STOP message'), scope: 'recipient', says: 'Blocked due to STOP message' }, // prettier-ignore
    {
      answer: error(400, '40305', 'Invalid from address'),
      scope: 'account',
      kind: 'sender_refused',
      says: 'Invalid from address'
    },
    { answer: error(400, '40310', 'Invalid to address'), scope: 'recipient', says: 'Invalid to address' }
  ],
  unclear: [{ status: 200, body: { data: {} } }],
  works: { status: 200, body: { data: { balance: '300.00', available_credit: '400.00', currency: 'USD' } } },
  troubles: [
    { answers: [error(401, '10009', 'Authentication failed')], says: 'key_refused' },
    { answers: [{ status: 200, body: { data: { balance: '-1.00', available_credit: '0.00' } } }], says: 'no_credit' }
  ]
});

describeAhead('sms.telnyx', {
  request: sms,
  accepted,
  scheduledIn: (call) => (jsonOf(call) as { send_at?: string }).send_at,
  scheduled: '2027-01-05T10:00:00Z',
  cancel: {
    method: 'DELETE',
    url: 'https://api.telnyx.com/v2/messages/m%2F1',
    answer: { status: 200, body: { id: 'm/1', to: [{ status: 'cancelled' }] } }
  },
  late: [
    { status: 422, body: { errors: [{ title: 'Not scheduled' }] } },
    { status: 200, body: { data: { to: [{ status: 'sent' }] } } }
  ],
  again: [
    { status: 422, body: { errors: [{ title: 'Not scheduled' }] } },
    { status: 200, body: { data: { to: [{ status: 'cancelled' }] } } }
  ]
});

test('the request is as documented, with the profile that a sender in letters needs', async () => {
  const { calls } = await send(providerOf('sms.telnyx'), sms, [accepted], { messagingProfileId: 'p1' });
  expect(calls[0]).toMatchObject({
    url: 'https://api.telnyx.com/v2/messages',
    init: { method: 'POST', headers: { authorization: `Bearer ${SECRET}` } }
  });
  expect(jsonOf(calls[0]!)).toEqual({
    from: 'Atelier',
    to: '+33612345678',
    text: 'Soldes d’été 🎉 STOP',
    type: 'SMS',
    messaging_profile_id: 'p1'
  });
});
