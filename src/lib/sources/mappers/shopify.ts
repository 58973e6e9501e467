import * as v from 'valibot';
import { defineMapper, type IncomingFact } from '$lib/core/sources';
import { cartUpdated, orderCreated } from '$lib/core/events/ecommerce';
import { ok } from '$lib/core/result';
import { amount, priced, product, textId } from './bought';
import { buyer } from './newcomer';
import { factsOf, factsOfJson, isoInstant, optionalText } from './payload';

const person = v.nullish(v.object({ first_name: optionalText, last_name: optionalText, phone: optionalText }), null);
const common = {
  email: optionalText,
  phone: optionalText,
  currency: v.string(),
  total_price: amount,
  customer: person,
  billing_address: person,
  line_items: v.array(
    v.object({ product_id: v.nullish(textId, null), title: v.string(), price: amount, quantity: v.number() })
  )
};
const order = v.object({ ...common, id: textId, created_at: isoInstant, test: v.nullish(v.boolean(), null) });
const checkout = v.object({
  ...common,
  token: v.string(),
  cart_token: optionalText,
  updated_at: isoInstant,
  completed_at: optionalText,
  abandoned_checkout_url: v.string()
});
const told = v.looseObject({ id: v.union([textId, v.null_()]) });
type Bought = v.InferOutput<typeof order> | v.InferOutput<typeof checkout>;

/**
 * Shopify's webhooks ('Webhooks', topics `orders/create`, `checkouts/create`, `checkouts/update`). The topic is in a header; each is known
 * by what it alone has. A check-out is a cart once it says whose it is; `carts/…` never does. Test orders are nobody's.
 */
export default defineMapper({
  kind: 'shopify',
  name: 'Shopify',
  delivers: [cartUpdated.type, orderCreated.type],
  documentation: 'https://shopify.dev/docs/api/webhooks',
  signs: true,
  facts: ({ body }) =>
    factsOfJson(body, told, (post) => {
      if ('abandoned_checkout_url' in post) return factsOf(post, checkout, (it) => ok(ofCheckout(it)));
      if ('order_number' in post) return factsOf(post, order, (it) => ok(ofOrder(it)));
      return ok([]);
    })
});

function ofOrder(it: v.InferOutput<typeof order>): IncomingFact[] {
  if (!it.email || it.test === true) return [];
  const fact: IncomingFact = {
    type: orderCreated.type,
    occurredAt: it.created_at,
    properties: { orderId: it.id, ...contents(it) },
    dedupeKey: `shopify:order:${it.id}`,
    person: personOf(it, it.email)
  };
  return [fact];
}

function ofCheckout(it: v.InferOutput<typeof checkout>): IncomingFact[] {
  if (!it.email || it.completed_at !== null) return [];
  const url = /^https?:\/\//.test(it.abandoned_checkout_url) ? it.abandoned_checkout_url : '';
  const fact: IncomingFact = {
    type: cartUpdated.type,
    occurredAt: it.updated_at,
    properties: { cartId: it.cart_token ?? it.token, ...contents(it), url },
    dedupeKey: `shopify:cart:${it.token}:${it.updated_at}`,
    person: personOf(it, it.email)
  };
  return [fact];
}

function contents({ currency, total_price, line_items }: Bought) {
  const items = line_items.map(({ product_id, title, price, quantity }) =>
    product({ id: product_id, name: title, price, quantity }, currency)
  );
  return { items, total: priced(total_price, currency), currency };
}

function personOf({ customer, billing_address, phone }: Bought, email: string) {
  const first = customer?.first_name ?? billing_address?.first_name;
  const last = customer?.last_name ?? billing_address?.last_name;
  return buyer(email, { first, last, phone: phone ?? customer?.phone ?? billing_address?.phone });
}
