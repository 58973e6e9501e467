import { text, url, yesNo } from '../fields';
import { defineEvent } from './define';

const message = { messageId: text({ required: true }), emailName: text(), tag: text(), emailType: text() };
const scope = { messageProperty: 'messageId' } as const;

export const emailSent = defineEvent('email.sent', message, scope);
export const emailDelivered = defineEvent('email.delivered', message, scope);
export const emailOpened = defineEvent('email.opened', { ...message, machineOpen: yesNo() }, scope);
export const emailLinkClicked = defineEvent('email.link_clicked', { ...message, url: url() }, scope);
export const emailUnsubscribed = defineEvent('email.unsubscribed', { ...message, listId: text() }, scope);
/** Leaving was a mistake: taken back by the reader. */
export const emailResubscribed = defineEvent('email.resubscribed', message, scope);
export const emailBounced = defineEvent('email.bounced', { ...message, hard: yesNo(), reason: text() }, scope);
export const emailComplained = defineEvent('email.complained', message, scope);
