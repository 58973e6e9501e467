import { choice, text } from '../fields';
import { PUSH_PLATFORMS } from '../rows/messages';
import { defineEvent } from './define';

const attribution = { attribution: text(), campaignId: text(), notificationId: text() };

export const pushSessionStarted = defineEvent('push.session_started', { sessionId: text(), ...attribution });
/** `pushName`: of the message that was sent from here. */
export const pushClicked = defineEvent('push.clicked', { pushName: text(), ...attribution });
/** `subscriptionId`: as the provider knows it; what notifications are then addressed to. */
export const pushSubscribed = defineEvent('push.subscribed', {
  subType: choice(['new', 'soft'], 'new'),
  platform: choice(PUSH_PLATFORMS, 'web'),
  subscriptionId: text()
});
export const pushUnsubscribed = defineEvent('push.unsubscribed', {
  subType: choice(['invalidated', 'soft'], 'soft'),
  platform: choice(PUSH_PLATFORMS, 'web'),
  subscriptionId: text()
});
export const pushSent = defineEvent('push.sent', { messageId: text({ required: true }), pushName: text() });
