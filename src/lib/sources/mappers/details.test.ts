import { describe, expect, test } from 'vitest';
import type { InboxKind } from '$lib/core/inbox';
import { factsOfPost, RECEIVED, sampleOf, toldBySample } from '../testing/samples';
import { mappers } from './registry';

describe('a payment by Stripe', () => {
  test('is one payment, though its charge and its check-out both tell of it', () => {
    const keys = ['checkout.session.completed', 'charge.succeeded'].map(
      (name) => toldBySample('stripe', name)[0]?.dedupeKey
    );
    expect(new Set(keys).size).toBe(1);
    expect(toldBySample('stripe', 'charge.succeeded')[0]?.properties).toMatchObject({
      paymentId: 'pi_1GszwL2eZvKYlo2C',
      amount: { minor: 2198, currency: 'EUR' }
    });
  });

  test.each([
    ['jpy', 500, 500],
    ['isk', 50_000, 500],
    ['kwd', 5_000, 5_000]
  ])('in %s is counted as that currency is', (currency, amount, minor) => {
    const charge = JSON.parse(sampleOf('stripe', 'charge.succeeded')) as { data: { object: object } };
    Object.assign(charge.data.object, { currency, amount });
    const result = factsOfPost('stripe', JSON.stringify(charge));
    expect(result[0]?.properties).toMatchObject({ amount: { minor, currency: currency.toUpperCase() } });
  });
});

test('a meeting by Cal.com says when and where it is', () => {
  expect(toldBySample('calcom', 'BOOKING_CREATED')[0]).toMatchObject({
    occurredAt: Date.UTC(2027, 0, 5, 8),
    properties: {
      meetingId: 'bFJeNb2uX8ANpT3JL5EfXw',
      type: '30min',
      url: 'https://app.cal.com/video/bFJeNb2uX8ANpT3JL5EfXw',
      startsAt: Date.UTC(2027, 0, 12, 9)
    }
  });
  expect(toldBySample('calcom', 'MEETING_STARTED')[0]?.occurredAt).toBe(Date.UTC(2027, 0, 12, 9));
});

test('a click by Resend has its address and its own time; a bounce says whether it is for good', () => {
  expect(toldBySample('resend', 'email.clicked')[0]).toMatchObject({
    occurredAt: Date.UTC(2027, 0, 5, 9, 0, 1),
    properties: { url: 'https://atelier.fr/stages' },
    person: { messageId: '56761188-7520-42d8-8898-ff6fc54ce618' }
  });
  expect(toldBySample('resend', 'email.bounced')[0]?.properties).toMatchObject({ hard: true });
});

describe('a call by Ringover', () => {
  test('is told with its type, its line and how long was spoken; numbers get their plus', () => {
    expect(toldBySample('ringover', 'hangup')[0]).toMatchObject({
      occurredAt: Date.UTC(2027, 0, 5, 9),
      properties: { type: 'inbound', line: '33176360695', duration: 300 },
      person: { phone: '+33612345678' }
    });
    const types = ['hangup.outbound', 'missed', 'voicemail'].map((name) => toldBySample('ringover', name)[0]?.properties.type); // prettier-ignore
    expect(types).toEqual(['outbound', 'missed', 'voicemail']);
  });
});

test('a click that OneSignal tells of is of the notification that was sent, when it was told', () => {
  expect(toldBySample('onesignal', 'notification.clicked')[0]).toMatchObject({
    occurredAt: RECEIVED,
    person: { messageId: 'b98881cc-1e94-4366-bbd9-db8f3429292b' }
  });
});

test('a click that WonderPush tells of is of the notification that was sent, when somebody clicked; told again, it is the same', () => {
  const [alone] = toldBySample('wonderpush', '@NOTIFICATION_OPENED');
  expect(alone).toMatchObject({
    occurredAt: Date.UTC(2027, 0, 5, 9),
    properties: { campaignId: '01bsl1k3c6q8r0t2', notificationId: '01cgh7o5v9x1z3b5' },
    person: { messageId: '01cgh7o5v9x1z3b5' }
  });
  const keys = toldBySample('wonderpush', 'collection').map(({ dedupeKey }) => dedupeKey);
  expect(keys[0]).toBe(alone?.dedupeKey);
  expect(keys[1]).not.toBe(keys[0]);
});

describe('what is wrong in a post', () => {
  const wrongIn = (kind: InboxKind, body: string) => {
    const result = mappers.get(kind)!.facts({ body, contentType: 'application/json', receivedAt: RECEIVED });
    return result.ok ? null : result.reason;
  };

  test.each<[InboxKind, unknown, string]>([
    ['wonderpush', { id: 'e1' }, 'type'],
    ['wonderpush', { data: [{ type: '@APP_OPEN' }, { type: 12 }] }, 'data.1.type'],
    ['mailjet', { event: 'open' }, 'time'],
    ['mailjet', [{ event: 'open', time: 1 }, { time: 1 }], '1.event'],
    ['crisp', { event: 'message:send', timestamp: 1 }, 'data'],
    ['ringover', { event: 'hangup', data: {} }, 'data.call_id']
  ])('by %s is named by its place in it: %j', (kind, post, path) => {
    expect(wrongIn(kind, JSON.stringify(post))).toEqual({ key: 'words.inbox.not_as_documented', params: { path } });
  });

  test('that is something else altogether is no field', () => {
    expect(wrongIn('wonderpush', 'null')).toEqual({ key: 'words.inbox.unlike_documented' });
  });
});
