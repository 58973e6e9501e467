import * as v from 'valibot';
import { defineMapper } from '$lib/core/sources';
import { pushClicked } from '$lib/core/events/push';
import { ok } from '$lib/core/result';
import { factsOfJson, optionalText } from './payload';

const told = v.looseObject({ event: v.string(), notificationId: optionalText, id: optionalText });

/**
 * OneSignal's 'Web Push Webhooks', posted by the reader's browser: displayed, clicked, dismissed. It does not say when; the notification
 * is named by the id that the message was answered with, which an older SDK calls `id`. A click of the same one counts once.
 */
export default defineMapper({
  kind: 'onesignal',
  name: 'OneSignal',
  delivers: [pushClicked.type],
  documentation: 'https://documentation.onesignal.com/docs/webhooks',
  signs: false,
  facts: ({ body, receivedAt }) =>
    factsOfJson(body, told, ({ event, notificationId, id }) => {
      const messageId = notificationId ?? id;
      if (event !== 'notification.clicked' || messageId === null) return ok([]);
      return ok([
        {
          type: pushClicked.type,
          occurredAt: receivedAt,
          properties: { attribution: 'notification', campaignId: '', notificationId: messageId },
          dedupeKey: `onesignal:${pushClicked.type}:${messageId}`,
          person: { messageId }
        }
      ]);
    })
});
