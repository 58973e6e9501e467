import { BY_DAY, delay, durationOf, emailOf, fileOf, products, sendEmail } from '../parts';
import type { ReadyAutomation } from '../ready';

const id = 'cart';

export const cart: ReadyAutomation = {
  id,
  icon: 'shopping-cart',
  purpose: 'sell',
  file: (text, site) => {
    const url = `{{ event.url | default: "${site}" }}`;
    return fileOf(text, {
      id,
      settings: {
        reentry: { mode: 'after_leaving', pause: durationOf('3 days') },
        exit: [
          { event: 'order.created', filters: null },
          { event: 'email.unsubscribed', filters: null }
        ],
        // The hour counts from the last addition, and the emails name what is in the cart then.
        restart: [{ event: 'cart.updated', filters: null }]
      },
      graph: {
        triggers: [{ id: 'cart', unit: 'cart.updated', version: 1, fields: { filters: null } }],
        entry: 'hour',
        steps: [
          delay('hour', '1 hours', 'first'),
          sendEmail('first', 'first', 'night'),
          delay('night', '1 days', 'second', BY_DAY),
          sendEmail('second', 'second', null)
        ]
      },
      templates: [
        emailOf(text, id, 'first', { url, after: true, more: [products('cart')] }),
        emailOf(text, id, 'second', { url, more: [products('cart')] })
      ]
    });
  }
};
