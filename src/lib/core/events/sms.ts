import { text } from '../fields';
import { defineEvent } from './define';

const message = { messageId: text({ required: true }), smsName: text(), tag: text() };
const scope = { messageProperty: 'messageId' } as const;

export const smsSent = defineEvent('sms.sent', message, scope);
export const smsDelivered = defineEvent('sms.delivered', message, scope);
export const smsFailed = defineEvent('sms.failed', { ...message, reason: text() }, scope);
/** The contact answered STOP: no promotional SMS from then on. */
export const smsUnsubscribed = defineEvent('sms.unsubscribed', message, scope);
