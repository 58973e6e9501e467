import { describe, expect, test } from 'vitest';
import * as v from 'valibot';
import { EVENT_TYPES } from '$lib/core/events';
import type { InboxKind } from '$lib/core/inbox';
import { pathOf, RECEIVED, sampleOf, samples, toldBySample } from '../testing/samples';
import { mappers } from './registry';

/** What each sample tells: its types, in their order; none where it is of no concern here. */
const TOLD: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  aircall: {
    'call.ended': ['call.ended'],
    'call.ended.missed': ['call.ended'],
    'call.ended.outbound': ['call.ended'],
    'call.voicemail_left': ['call.ended'],
    'call.ended.anonymous': [],
    'call.created': []
  },
  brevo: {
    request: [],
    delivered: ['email.delivered'],
    opened: ['email.opened'],
    unique_opened: ['email.opened'],
    proxy_open: ['email.opened'],
    click: ['email.link_clicked'],
    hard_bounce: ['email.bounced'],
    soft_bounce: ['email.bounced'],
    spam: ['email.complained'],
    unsubscribed: ['email.unsubscribed']
  },
  calcom: {
    BOOKING_CREATED: ['meeting.booked'],
    BOOKING_RESCHEDULED: ['meeting.booked'],
    BOOKING_CANCELLED: ['meeting.cancelled'],
    MEETING_STARTED: ['meeting.started'],
    FORM_SUBMITTED: []
  },
  calendly: {
    'invitee.created': ['meeting.booked'],
    'invitee.canceled': ['meeting.cancelled'],
    'invitee.canceled.rescheduled': [],
    'routing_form_submission.created': []
  },
  crisp: {
    'message-send': ['conversation.started', 'conversation.message_received'],
    'message-received': ['conversation.started', 'conversation.message_received'],
    'session-set_email': ['custom.event'],
    'session-set_state': ['conversation.ended'],
    'session-set_nickname': []
  },
  // By a mapping of the user's own: see core/generic-mapping.test.ts.
  generic: {},
  intercom: {
    'conversation.user.created': ['conversation.started', 'conversation.message_received'],
    'conversation.user.replied': ['conversation.message_received'],
    'conversation.admin.replied': ['conversation.message_received'],
    'conversation.admin.closed': ['conversation.ended'],
    ping: []
  },
  mailersend: {
    'activity.sent': [],
    'activity.delivered': ['email.delivered'],
    'activity.opened': ['email.opened'],
    'activity.clicked': ['email.link_clicked'],
    'activity.soft_bounced': ['email.bounced'],
    'activity.hard_bounced': ['email.bounced'],
    'activity.spam_complaint': ['email.complained'],
    'activity.unsubscribed': ['email.unsubscribed'],
    'webhook.test': []
  },
  mailgun: {
    accepted: [],
    delivered: ['email.delivered'],
    opened: ['email.opened'],
    'opened.bot': ['email.opened'],
    clicked: ['email.link_clicked'],
    permanent_fail: ['email.bounced'],
    temporary_fail: ['email.bounced'],
    complained: ['email.complained'],
    unsubscribed: ['email.unsubscribed']
  },
  mailjet: {
    sent: ['email.delivered'],
    open: ['email.opened'],
    click: ['email.link_clicked'],
    bounce: ['email.bounced'],
    'bounce.soft': ['email.bounced'],
    blocked: [],
    spam: ['email.complained'],
    unsub: ['email.unsubscribed'],
    grouped: ['email.opened', 'email.link_clicked']
  },
  onesignal: {
    'notification.willDisplay': [],
    'notification.clicked': ['push.clicked'],
    'notification.dismissed': []
  },
  paypal: {
    'CHECKOUT.ORDER.APPROVED': ['order.created'],
    'CHECKOUT.ORDER.COMPLETED': ['order.created', 'payment.completed'],
    'PAYMENT.CAPTURE.COMPLETED': [],
    'PAYMENT.CAPTURE.DENIED': []
  },
  postmark: {
    Delivery: ['email.delivered'],
    Open: ['email.opened'],
    Click: ['email.link_clicked'],
    Bounce: ['email.bounced'],
    'Bounce.Transient': ['email.bounced'],
    SpamComplaint: ['email.complained'],
    SubscriptionChange: ['email.unsubscribed'],
    'SubscriptionChange.Bounce': []
  },
  resend: {
    'email.delivered': ['email.delivered'],
    'email.opened': ['email.opened'],
    'email.clicked': ['email.link_clicked'],
    'email.bounced': ['email.bounced'],
    'email.complained': ['email.complained'],
    'email.sent': []
  },
  ringover: {
    hangup: ['call.ended'],
    'hangup.outbound': ['call.ended'],
    'hangup.internal': [],
    'hangup.missed': [],
    missed: ['call.ended'],
    voicemail: ['call.ended'],
    ringing: [],
    'message.received': []
  },
  scaleway: {
    email_queued: [],
    email_delivered: ['email.delivered'],
    email_dropped: ['email.bounced'],
    email_deferred: ['email.bounced'],
    email_spam: []
  },
  sendgrid: {
    events: [
      'email.delivered',
      'email.opened',
      'email.opened',
      'email.link_clicked',
      'email.bounced',
      'email.bounced',
      'email.bounced',
      'email.complained',
      'email.unsubscribed',
      'email.unsubscribed'
    ]
  },
  ses: {
    Send: [],
    Delivery: ['email.delivered'],
    Open: ['email.opened'],
    Click: ['email.link_clicked'],
    Bounce: ['email.bounced'],
    'Bounce.notification': ['email.bounced'],
    Complaint: ['email.complained'],
    Subscription: ['email.unsubscribed'],
    UnsubscribeConfirmation: []
  },
  shopify: {
    'orders-create': ['order.created'],
    'orders-create.test': [],
    'checkouts-update': ['cart.updated'],
    'checkouts-create.anonymous': [],
    'carts-update': []
  },
  sparkpost: {
    events: [
      'email.delivered',
      'email.opened',
      'email.opened',
      'email.link_clicked',
      'email.bounced',
      'email.bounced',
      'email.complained',
      'email.unsubscribed'
    ],
    ping: []
  },
  stripe: {
    'checkout.session.completed': ['payment.completed', 'order.created'],
    'checkout.session.completed.unpaid': [],
    'charge.succeeded': ['payment.completed'],
    'customer.created': []
  },
  twilio: {
    'call.inbound': ['call.ended'],
    'call.missed': ['call.ended'],
    'call.outbound': ['call.ended'],
    'call.ringing': [],
    'sms.delivered': ['sms.delivered'],
    'sms.undelivered': ['sms.failed'],
    'sms.sent': [],
    'sms.stop': ['sms.unsubscribed'],
    'sms.other': []
  },
  wonderpush: {
    '@NOTIFICATION_RECEIVED': [],
    '@NOTIFICATION_OPENED': ['push.clicked'],
    collection: ['push.clicked', 'push.clicked']
  },
  woocommerce: {
    'order.created': ['order.created'],
    'order.created.draft': ['cart.updated'],
    'order.updated.cancelled': [],
    'order.deleted': [],
    'customer.created': []
  },
  tracker: {
    visit: ['custom.event', 'push.session_started', 'page.visited', 'custom.event'],
    shop: ['custom.event', 'cart.updated', 'cart.deleted', 'order.created']
  }
};

const NAMELESS = new Set([
  'onesignal push.clicked',
  'wonderpush push.clicked',
  'crisp conversation.started',
  'crisp conversation.message_received',
  'crisp conversation.ended',
  'twilio sms.delivered',
  'twilio sms.failed'
]);

test('every service has its samples, and every sample is told', () => {
  const named = Object.entries(TOLD).flatMap(([kind, posts]) =>
    Object.keys(posts).map((name) => pathOf(kind as InboxKind, name))
  );
  expect(Object.keys(samples).sort()).toEqual(named.sort());
  expect([...mappers.keys()].sort()).toEqual(Object.keys(TOLD).sort());
});

describe.each([...mappers.values()].map((mapper) => [mapper.kind, mapper] as const))('%s', (kind, mapper) => {
  const posts = Object.entries(TOLD[kind] ?? {});

  test.each(posts)('%s', (name, types) => {
    const facts = toldBySample(kind, name);
    expect(facts.map(({ type }) => type)).toEqual(types);
    for (const { type, properties, occurredAt, dedupeKey, person } of facts) {
      expect(mapper.delivers).toContain(type);
      expect(v.safeParse(EVENT_TYPES.get(type)!.schema, properties).issues ?? []).toEqual([]);
      expect(new Date(occurredAt).getUTCFullYear()).toBe(2027);
      expect(dedupeKey.startsWith(`${kind}:`)).toBe(true);
      if ('phone' in person) expect(person.phone).toBe('+33612345678');
      // OneSignal, WonderPush, Twilio and Crisp tell of a message, or of a session, whose address is known here.
      else
        expect('email' in person ? person.email : undefined).toBe(
          NAMELESS.has(`${kind} ${type}`) ? undefined : 'camille@exemple.fr'
        );
    }
  });

  test('no two facts have one key, save those that are one', () => {
    const facts = posts.flatMap(([name]) => toldBySample(kind, name));
    const keys = new Map(facts.map((fact) => [fact.dedupeKey, fact.type]));
    for (const { dedupeKey, type } of facts) expect(keys.get(dedupeKey)).toBe(type);
  });

  test('told again, they have the same keys', () => {
    for (const [name] of posts) expect(toldBySample(kind, name)).toEqual(toldBySample(kind, name));
  });

  test.each(['', 'null', '[]', '"text"', '{', '<html>', '{"type":1,"triggerEvent":1}'])(
    'what it never posts (%s) is kept apart with a reason, and breaks nothing',
    (body) => {
      const result = mapper.facts({ body, contentType: 'application/json', receivedAt: RECEIVED });
      expect(result).toMatchObject({
        ok: false,
        reason: { key: expect.stringMatching(/^words\.(inbox|mapping)\./) as string }
      });
    }
  );

  test('with any one part missing it is told as before, in part, or kept apart with the part: it never throws', () => {
    for (const [name] of posts)
      for (const body of withoutOnePart(kind, name)) {
        const result = mapper.facts({ body, contentType: 'application/json', receivedAt: RECEIVED });
        if (!result.ok) expect(result.reason.key).not.toBe('words.inbox.unlike_documented');
      }
  });
});

/** The same post without each of its parts, one at a time. */
function withoutOnePart(kind: InboxKind, name: string): string[] {
  const body = sampleOf(kind, name);
  if (kind === 'twilio') return body.split('&').map((_, at, all) => all.filter((__, other) => other !== at).join('&'));
  const post: unknown = JSON.parse(body);
  const found: string[] = [];
  const walk = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    const record = value as Record<string, unknown>;
    for (const key of Object.keys(record)) {
      const kept = record[key];
      Reflect.deleteProperty(record, key);
      found.push(JSON.stringify(post));
      record[key] = kept;
      walk(kept);
    }
  };
  walk(post);
  return found;
}
