import type { Contact } from '$lib/core/rows/contacts';

/** Something that happens `at` hours after the beginning: an event, or what a reader does with the last message. */
export type Act =
  | { readonly at: number; readonly does: 'opened' | 'clicked'; readonly url?: string }
  | { readonly at: number; readonly event: string; readonly properties?: Readonly<Record<string, unknown>> };

/** One contact that goes through a ready automation, and what it gets. */
export interface Scenario {
  readonly name: string;
  readonly contact?: Partial<Contact>;
  readonly acts?: readonly Act[];
  /** Ids of the templates that it gets, in their order. */
  readonly gets: readonly string[];
  readonly ends: 'completed' | 'exited';
  /** What it has then, besides. */
  readonly has?: {
    readonly attributes?: Readonly<Record<string, unknown>>;
    readonly lists?: readonly string[];
    readonly tasks?: readonly string[];
  };
}

const DAY = 24;
const PRODUCT = {
  id: 'p1',
  name: 'Vase bleu',
  price: { minor: 3990, currency: 'EUR' },
  quantity: 1,
  url: '',
  image: 'https://shop.example/vase.png'
};
const item = { items: [PRODUCT], total: { minor: 3990, currency: 'EUR' }, currency: 'EUR' };
const fillsCart: Act = {
  at: 0,
  event: 'cart.updated',
  properties: { cartId: 'k1', url: 'https://shop.example/cart', ...item }
};
const orders = (at: number): Act => ({ at, event: 'order.created', properties: { orderId: `o${at}`, ...item } });
const pays = (at: number): Act => ({
  at,
  event: 'payment.completed',
  properties: {
    paymentId: 'p1',
    link: 'https://pay.example/abonnement',
    amount: { minor: 9000, currency: 'EUR' },
    currency: 'EUR'
  }
});
const writes = (at: number): Act => ({
  at,
  event: 'conversation.message_received',
  properties: { conversationId: 'v1', source: 'email', text: 'Oui', direction: 'from' }
});
/** 5 January 2027, 9:00 in Paris, so many days on. */
const startsAt = (days: number): number => Date.UTC(2027, 0, 5 + days, 13);
const books = (at: number, days: number): Act => ({
  at,
  event: 'meeting.booked',
  properties: { meetingId: `m${at}`, type: 'Visio', url: 'https://meet.example/lea', startsAt: startsAt(days) }
});
const calls: Act = {
  at: 0,
  event: 'call.ended',
  properties: { callId: 'c1', line: '', type: 'inbound', duration: 300 }
};
const opinion = (answer: string): Act => ({ at: 5, does: 'clicked', url: `https://shop.example?call=${answer}` });
const reaches = (tier: string, from: string | null = null): Act => ({
  at: 0,
  event: 'loyalty.tier_updated',
  properties: { programId: 'program', fromTierId: from, toTierId: tier }
});
const movesTo = (at: number, stage: string): Act => ({
  at,
  event: 'deal.stage_updated',
  properties: { dealId: 'd1', pipelineId: 'pipeline', fromStageId: 'new', toStageId: stage, amount: null }
});
const joins: Act = { at: 0, event: 'contact.added_to_list', properties: { listId: 'list', via: 'form', moved: false } };

/** Each way through each ready automation. Ids in events are those of the file. */
export const SCENARIOS: Readonly<Record<string, readonly Scenario[]>> = {
  welcome: [
    { name: 'opens', acts: [joins, { at: 2, does: 'opened' }], gets: ['hello', 'story', 'invite'], ends: 'completed' },
    { name: 'does not open', acts: [joins], gets: ['hello', 'nudge', 'story', 'invite'], ends: 'completed' },
    {
      name: 'unsubscribes',
      acts: [
        joins,
        {
          at: 5,
          event: 'email.unsubscribed',
          properties: { messageId: 'x', emailName: '', tag: '', emailType: '', listId: '' }
        }
      ],
      gets: ['hello'],
      ends: 'exited'
    }
  ],
  birthday: [
    {
      name: 'orders',
      contact: { attributes: { FIRSTNAME: 'Léa', BIRTHDAY: '1990-01-06' } },
      acts: [orders(48)],
      gets: ['gift'],
      ends: 'completed'
    },
    {
      name: 'does not order',
      contact: { attributes: { BIRTHDAY: '1985-01-07' } },
      gets: ['gift', 'reminder'],
      ends: 'completed'
    }
  ],
  cart: [
    { name: 'forgets', acts: [fillsCart], gets: ['first', 'second'], ends: 'completed' },
    { name: 'orders at once', acts: [fillsCart, orders(0.5)], gets: [], ends: 'exited' },
    { name: 'orders after the first', acts: [fillsCart, orders(8)], gets: ['first'], ends: 'exited' },
    {
      name: 'goes on filling',
      acts: [fillsCart, { ...fillsCart, at: 0.75 }],
      gets: ['first', 'second'],
      ends: 'completed'
    }
  ],
  winback: [
    {
      name: 'clicks',
      contact: { createdAt: 0 },
      acts: [{ at: 30, does: 'clicked', url: 'https://shop.example' }],
      gets: ['missed', 'back'],
      ends: 'completed',
      has: { lists: [] }
    },
    {
      name: 'stays in the end',
      contact: { createdAt: 0 },
      acts: [{ at: 10 * DAY, does: 'clicked', url: 'https://shop.example' }],
      gets: ['missed', 'goodbye', 'back'],
      ends: 'completed',
      has: { lists: [] }
    },
    {
      name: 'sleeps on',
      contact: { createdAt: 0 },
      gets: ['missed', 'goodbye'],
      ends: 'completed',
      has: { lists: ['list'] }
    }
  ],
  review: [
    {
      name: 'clicks',
      acts: [orders(0), { at: 7 * DAY + 3, does: 'clicked', url: 'https://shop.example' }],
      gets: ['ask'],
      ends: 'completed',
      has: { attributes: { REVIEWED_ON: '2027-01-12' } }
    },
    {
      name: 'clicks late',
      acts: [orders(0), { at: 13 * DAY, does: 'clicked', url: 'https://shop.example' }],
      gets: ['ask', 'remind'],
      ends: 'completed',
      has: { attributes: { REVIEWED_ON: '2027-01-18' } }
    },
    {
      name: 'does not',
      acts: [orders(0)],
      gets: ['ask', 'remind'],
      ends: 'completed',
      has: { attributes: { REVIEWED_ON: undefined } }
    }
  ],
  deal: [
    {
      name: 'answers',
      acts: [movesTo(0, 'proposal'), writes(20)],
      gets: ['sent'],
      ends: 'completed',
      has: { tasks: ['tasks.send', 'tasks.answer'] }
    },
    {
      name: 'answers the reminder',
      acts: [movesTo(0, 'proposal'), writes(5 * DAY)],
      gets: ['sent', 'nudge'],
      ends: 'completed',
      has: { tasks: ['tasks.send', 'tasks.answer'] }
    },
    {
      name: 'is silent',
      acts: [movesTo(0, 'proposal')],
      gets: ['sent', 'nudge'],
      ends: 'completed',
      has: { tasks: ['tasks.send', 'tasks.call'] }
    },
    {
      name: 'signs',
      acts: [movesTo(0, 'proposal'), movesTo(30, 'won')],
      gets: ['sent'],
      ends: 'exited',
      has: { tasks: ['tasks.send'] }
    }
  ],
  loyalty: [
    { name: 'gold', acts: [reaches('gold', 'silver')], gets: ['gold'], ends: 'completed', has: { tasks: ['task'] } },
    { name: 'silver', acts: [reaches('silver')], gets: ['silver'], ends: 'completed', has: { tasks: [] } },
    { name: 'back to silver', acts: [reaches('silver', 'gold')], gets: [], ends: 'completed', has: { tasks: [] } }
  ],
  meeting: [
    {
      name: 'next week',
      acts: [books(0, 7)],
      gets: ['confirmed', 'tomorrow'],
      ends: 'completed',
      has: { attributes: { NEXT_MEETING: '2027-01-12' }, tasks: ['task'] }
    },
    { name: 'tomorrow', acts: [books(0, 1)], gets: ['confirmed'], ends: 'completed', has: { tasks: ['task'] } },
    {
      name: 'cancelled',
      acts: [
        books(0, 7),
        {
          at: 30,
          event: 'meeting.cancelled',
          properties: { meetingId: 'm0', type: '', url: '', startsAt: startsAt(7) }
        }
      ],
      gets: ['confirmed'],
      ends: 'exited',
      has: { tasks: [] }
    },
    {
      name: 'put off',
      acts: [books(0, 4), books(20, 9)],
      gets: ['confirmed', 'confirmed', 'tomorrow'],
      ends: 'completed',
      has: { attributes: { NEXT_MEETING: '2027-01-14' }, tasks: ['task'] }
    }
  ],
  survey: [
    {
      name: 'is pleased',
      acts: [calls, opinion('good')],
      gets: ['ask'],
      ends: 'completed',
      has: { attributes: { CALL_OPINION: 'good' }, tasks: [] }
    },
    {
      name: 'finds it fair',
      acts: [calls, opinion('fair')],
      gets: ['ask'],
      ends: 'completed',
      has: { attributes: { CALL_OPINION: 'fair' }, tasks: [] }
    },
    {
      name: 'is disappointed',
      acts: [calls, opinion('poor')],
      gets: ['ask'],
      ends: 'completed',
      has: { attributes: { CALL_OPINION: 'poor' }, tasks: ['task'] }
    },
    { name: 'says nothing', acts: [calls], gets: ['ask'], ends: 'completed', has: { tasks: [] } },
    {
      name: 'has no email',
      contact: { email: undefined, phone: '+33639980001' },
      acts: [calls],
      gets: ['text'],
      ends: 'completed'
    }
  ],
  renewal: [
    {
      name: 'pays early',
      contact: { attributes: { FIRSTNAME: 'Léa', RENEWAL_ON: '2027-02-06' } },
      acts: [pays(5 * DAY)],
      gets: ['early', 'thanks'],
      ends: 'completed',
      has: { tasks: [] }
    },
    {
      name: 'pays late',
      contact: { attributes: { FIRSTNAME: 'Léa', RENEWAL_ON: '2027-02-06' } },
      acts: [pays(25 * DAY + 1)],
      gets: ['early', 'soon', 'thanks'],
      ends: 'completed',
      has: { tasks: [] }
    },
    {
      name: 'does not pay',
      contact: { attributes: { RENEWAL_ON: '2027-02-06' } },
      gets: ['early', 'soon'],
      ends: 'completed',
      has: { tasks: ['task'] }
    }
  ]
};
