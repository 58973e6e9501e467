import * as v from 'valibot';
import { defineMapper, type IncomingFact } from '$lib/core/sources';
import { orderCreated } from '$lib/core/events/ecommerce';
import { paymentCompleted } from '$lib/core/events/payments';
import type { Instant } from '$lib/core/instants';
import { ok } from '$lib/core/result';
import { amount, priced, product } from './bought';
import { buyer } from './newcomer';
import { factsOf, factsOfJson, isoInstant, optionalText } from './payload';

const money = v.object({ value: amount, currency_code: v.string() });
const payer = v.nullish(
  v.object({
    email_address: optionalText,
    name: v.nullish(v.object({ given_name: optionalText, surname: optionalText }), null)
  }),
  null
);
const capture = v.object({ id: v.string(), amount: money, status: optionalText, payer });
const unit = v.object({
  amount: v.nullish(money, null),
  items: v.nullish(
    v.array(v.object({ name: v.string(), sku: optionalText, quantity: amount, unit_amount: v.nullish(money, null) })),
    null
  ),
  payments: v.nullish(v.object({ captures: v.optional(v.array(capture), []) }), null)
});
const order = v.object({ id: v.string(), payer, purchase_units: v.array(unit) });
const told = v.looseObject({ event_type: v.string(), create_time: isoInstant, resource: v.optional(v.unknown()) });
type Capture = v.InferOutput<typeof capture>;
type Order = v.InferOutput<typeof order>;
type Payer = Order['payer'];

/**
 * PayPal's webhooks ('Webhooks event names', Orders v2). A payment by itself seldom says who paid; the order that it is of does, once it
 * is approved and once it is completed: both have its id as their key.
 */
export default defineMapper({
  kind: 'paypal',
  name: 'PayPal',
  delivers: [orderCreated.type, paymentCompleted.type],
  documentation: 'https://developer.paypal.com/api/rest/webhooks/event-names/',
  signs: false,
  facts: ({ body }) =>
    factsOfJson(body, told, ({ event_type, create_time, resource }) => {
      switch (event_type) {
        case 'CHECKOUT.ORDER.APPROVED':
        case 'CHECKOUT.ORDER.COMPLETED':
          return factsOf(resource, order, (it) => ok(ofOrder(it, create_time)), 'resource');
        case 'PAYMENT.CAPTURE.COMPLETED':
          return factsOf(resource, capture, (it) => ok(payment(it, it.payer, create_time)), 'resource');
        default:
          return ok([]);
      }
    })
});

function ofOrder({ id, payer, purchase_units }: Order, at: Instant): IncomingFact[] {
  if (!payer?.email_address) return [];
  const captures = purchase_units.flatMap(({ payments }) => payments?.captures ?? []);
  const amounts = purchase_units.flatMap(({ amount }) => amount ?? []);
  const currency = amounts[0]?.currency_code ?? '';
  const total = amounts.length === 0 ? null : amounts.reduce((sum, { value }) => sum + value, 0);
  const items = purchase_units.flatMap((unit) =>
    (unit.items ?? []).map(({ name, sku, quantity, unit_amount }) =>
      product({ id: sku, name, price: unit_amount?.value ?? null, quantity }, unit_amount?.currency_code ?? '')
    )
  );
  const created: IncomingFact = {
    type: orderCreated.type,
    occurredAt: at,
    properties: { orderId: id, items, total: priced(total, currency), currency },
    dedupeKey: `paypal:order:${id}`,
    person: personOf(payer.email_address, payer)
  };
  const paid = captures.filter(({ status }) => status === 'COMPLETED').flatMap((it) => payment(it, payer, at));
  return [created, ...paid];
}

function payment({ id, amount }: Capture, payer: Payer, at: Instant): IncomingFact[] {
  if (!payer?.email_address) return [];
  const { value, currency_code: currency } = amount;
  const fact: IncomingFact = {
    type: paymentCompleted.type,
    occurredAt: at,
    properties: { paymentId: id, link: '', amount: priced(value, currency), currency },
    dedupeKey: `paypal:payment:${id}`,
    person: personOf(payer.email_address, payer)
  };
  return [fact];
}

function personOf(email: string, payer: NonNullable<Payer>) {
  return buyer(email, { first: payer.name?.given_name, last: payer.name?.surname });
}
