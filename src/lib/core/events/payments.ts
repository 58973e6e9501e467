import { money, text, url } from '../fields';
import { defineEvent } from './define';

export const paymentCompleted = defineEvent('payment.completed', {
  paymentId: text({ required: true }),
  link: url(),
  amount: money(),
  currency: text({ max: 3 })
});
