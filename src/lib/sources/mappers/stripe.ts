import * as v from 'valibot';
import { defineMapper, type IncomingFact, type ReachablePerson } from '$lib/core/sources';
import { orderCreated } from '$lib/core/events/ecommerce';
import { paymentCompleted } from '$lib/core/events/payments';
import { SECOND } from '$lib/core/instants';
import type { Money } from '$lib/core/money';
import { ok } from '$lib/core/result';
import { buyer } from './newcomer';
import { factsOf, factsOfJson, optionalText } from './payload';

/** Stripe counts these in hundredths although they have none ('Supported currencies', special cases). */
const IN_HUNDREDTHS = new Set(['ISK', 'UGX']);

const customer = v.nullish(v.object({ email: optionalText, name: optionalText, phone: optionalText }), null);
const session = v.object({
  id: v.string(),
  payment_status: v.string(),
  payment_intent: optionalText,
  amount_total: v.nullish(v.number(), null),
  currency: optionalText,
  customer_email: optionalText,
  customer_details: customer
});
const charge = v.object({
  id: v.string(),
  payment_intent: optionalText,
  amount: v.number(),
  currency: v.string(),
  receipt_email: optionalText,
  billing_details: customer
});
const event = v.object({
  object: v.literal('event'),
  type: v.string(),
  created: v.number(),
  data: v.object({ object: v.unknown() })
});
type Session = v.InferOutput<typeof session>;
type Charge = v.InferOutput<typeof charge>;

/**
 * Stripe's events ('The Event object', 'The Checkout Session object', 'The Charge object'). A payment is told by its charge and, where
 * there was a check-out, by that too: both have the payment's id as their key, so that it counts once. A check-out is an order besides.
 */
export default defineMapper({
  kind: 'stripe',
  name: 'Stripe',
  delivers: [orderCreated.type, paymentCompleted.type],
  documentation: 'https://docs.stripe.com/api/events/object',
  signs: true,
  facts: ({ body }) =>
    factsOfJson(body, event, ({ type, created, data: { object } }) => {
      const at = created * SECOND;
      switch (type) {
        case 'checkout.session.completed':
        case 'checkout.session.async_payment_succeeded':
          return factsOf(object, session, (it) => ok(ofSession(it, at)), 'data.object');
        case 'charge.succeeded':
          return factsOf(object, charge, (it) => ok(ofCharge(it, at)), 'data.object');
        default:
          return ok([]);
      }
    })
});

/** Not yet paid where the bank takes its time: Stripe tells of it again once it is. */
function ofSession(session: Session, at: number): IncomingFact[] {
  const email = session.customer_details?.email ?? session.customer_email;
  if (email === null || session.payment_status === 'unpaid') return [];
  const { name: whole, phone } = session.customer_details ?? {};
  const person = buyer(email, { whole, phone });
  const currency = session.currency?.toUpperCase() ?? '';
  const total = moneyOf(session.amount_total ?? 0, currency);
  const order: IncomingFact = {
    type: orderCreated.type,
    occurredAt: at,
    properties: { orderId: session.id, items: [], total, currency },
    dedupeKey: `stripe:order:${session.id}`,
    person
  };
  // Free of charge: nothing was paid.
  if (session.payment_status === 'no_payment_required') return [order];
  return [payment(session.payment_intent ?? session.id, total, person, at), order];
}

function ofCharge({ id, payment_intent, amount, currency, receipt_email, billing_details }: Charge, at: number) {
  const email = billing_details?.email ?? receipt_email;
  if (email === null) return [];
  const { name: whole, phone } = billing_details ?? {};
  return [payment(payment_intent ?? id, moneyOf(amount, currency.toUpperCase()), buyer(email, { whole, phone }), at)];
}

function payment(paymentId: string, amount: Money, person: ReachablePerson, at: number): IncomingFact {
  return {
    type: paymentCompleted.type,
    occurredAt: at,
    properties: { paymentId, link: '', amount, currency: amount.currency },
    dedupeKey: `stripe:payment:${paymentId}`,
    person
  };
}

function moneyOf(amount: number, currency: string): Money {
  return { minor: IN_HUNDREDTHS.has(currency) ? Math.round(amount / 100) : amount, currency };
}
