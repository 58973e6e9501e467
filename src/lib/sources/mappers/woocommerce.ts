import * as v from 'valibot';
import { defineMapper, type IncomingFact } from '$lib/core/sources';
import { cartUpdated, orderCreated } from '$lib/core/events/ecommerce';
import { ok } from '$lib/core/result';
import { amount, priced, product, textId } from './bought';
import { buyer } from './newcomer';
import { factsOf, factsOfJson, isoInstant, optionalText } from './payload';

/** Without a time zone: it is GMT. */
const gmt = v.pipe(
  v.string(),
  v.transform((text) => (/[Zz]$|[+-]\d\d:?\d\d$/.test(text) ? text : `${text}Z`)),
  isoInstant
);
const order = v.object({
  id: textId,
  status: v.string(),
  currency: v.string(),
  date_created_gmt: gmt,
  date_modified_gmt: v.nullish(gmt, null),
  total: amount,
  billing: v.object({ first_name: optionalText, last_name: optionalText, email: optionalText, phone: optionalText }),
  line_items: v.array(
    v.object({
      product_id: v.nullish(textId, null),
      name: v.string(),
      quantity: v.number(),
      price: v.nullish(amount, null),
      image: v.nullish(v.object({ src: optionalText }), null)
    })
  )
});
type Order = v.InferOutput<typeof order>;
const told = v.looseObject({ id: textId });

/** Begun in the block check-out, and not ordered yet: all that WooCommerce has of a cart. */
const DRAFT = 'checkout-draft';
const NO_ORDER = new Set(['cancelled', 'failed', 'refunded', 'trash', 'auto-draft']);

/**
 * WooCommerce's webhooks ('Webhooks', 'Order properties'), topics `order.created` and `order.updated`: the topic is in a header, an order
 * is known by what it has. The draft of an order is a cart once it says whose it is.
 */
export default defineMapper({
  kind: 'woocommerce',
  name: 'WooCommerce',
  delivers: [cartUpdated.type, orderCreated.type],
  documentation: 'https://woocommerce.com/document/webhooks/',
  signs: true,
  facts: ({ body }) =>
    factsOfJson(body, told, (post) =>
      'line_items' in post && 'billing' in post ? factsOf(post, order, (it) => ok(ofOrder(it))) : ok([])
    )
});

function ofOrder(it: Order): IncomingFact[] {
  const { id, status, currency, billing, date_created_gmt, date_modified_gmt } = it;
  if (!billing.email || NO_ORDER.has(status)) return [];
  const items = it.line_items.map(({ product_id, name, quantity, price, image }) =>
    product({ id: product_id, name, price, quantity, image: image?.src }, currency)
  );
  const bought = { items, total: priced(it.total, currency), currency };
  const isCart = status === DRAFT;
  const changedAt = date_modified_gmt ?? date_created_gmt;
  const { first_name: first, last_name: last, phone } = billing;
  const fact: IncomingFact = {
    type: isCart ? cartUpdated.type : orderCreated.type,
    occurredAt: isCart ? changedAt : date_created_gmt,
    properties: isCart ? { cartId: id, ...bought, url: '' } : { orderId: id, ...bought },
    dedupeKey: isCart ? `woocommerce:cart:${id}:${changedAt}` : `woocommerce:order:${id}`,
    person: buyer(billing.email, { first, last, phone })
  };
  return [fact];
}
