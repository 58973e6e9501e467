import { items, money, number, text, url } from '../fields';
import { defineEvent } from './define';

const product = {
  id: text(),
  name: text({ required: true }),
  price: money(),
  quantity: number({ min: 0, initial: 1 }),
  url: url(),
  image: url()
};

/** A product is put into the cart: `items` is all that is in it then. */
export const cartUpdated = defineEvent('cart.updated', {
  cartId: text({ required: true }),
  items: items(product),
  total: money(),
  currency: text({ max: 3 }),
  url: url()
});

export const orderCreated = defineEvent('order.created', {
  orderId: text({ required: true }),
  items: items(product),
  total: money(),
  currency: text({ max: 3 })
});

/** A product is taken out of the cart, or the cart is emptied: `items` is what is left, `removed` what went. */
export const cartDeleted = defineEvent('cart.deleted', {
  cartId: text({ required: true }),
  items: items(product),
  removed: items(product)
});
