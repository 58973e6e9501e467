import * as v from 'valibot';
import { defineMapper } from '$lib/core/sources';
import { pushClicked } from '$lib/core/events/push';
import { ok } from '$lib/core/result';
import { factsOfJson, optionalText } from './payload';

/** In epoch ms. */
const instant = v.nullish(v.number(), null);
const event = v.looseObject({
  type: v.string(),
  id: optionalText,
  campaignId: optionalText,
  notificationId: optionalText,
  actionDate: instant,
  creationDate: instant
});
const alone = v.pipe(
  event,
  v.transform((one) => [one])
);
/** A collection of its Management API. */
const collection = v.pipe(
  v.looseObject({ data: v.array(event) }),
  v.transform(({ data }) => data)
);
// A union would not say which field is wrong.
const told = v.lazy((value) => (v.is(v.object({ data: v.unknown() }), value) ? collection : alone));

/**
 * WonderPush's events: what happens is in 'Events' of its documentation ('Built-in events'), how one is written in `Obj/Event` of its PHP
 * library. It does not document how they are posted.
 */
export default defineMapper({
  kind: 'wonderpush',
  name: 'WonderPush',
  delivers: [pushClicked.type],
  documentation: 'https://docs.wonderpush.com/docs/events',
  signs: false,
  facts: ({ body, receivedAt }) =>
    factsOfJson(body, told, (events) =>
      ok(
        events.flatMap(({ type, id, campaignId, notificationId, actionDate, creationDate }) =>
          type !== '@NOTIFICATION_OPENED' || notificationId === null
            ? []
            : [
                {
                  type: pushClicked.type,
                  occurredAt: actionDate ?? creationDate ?? receivedAt,
                  properties: { attribution: 'notification', campaignId: campaignId ?? '', notificationId },
                  dedupeKey: `wonderpush:${pushClicked.type}:${id ?? notificationId}`,
                  person: { messageId: notificationId }
                }
              ]
        )
      )
    )
});
