import * as v from 'valibot';
import { defineMapper } from '$lib/core/sources';
import { meetingBooked, meetingCancelled } from '$lib/core/events/meetings';
import { ok } from '$lib/core/result';
import { buyer } from './newcomer';
import { factsOf, factsOfJson, isoInstant, optionalText } from './payload';

const TYPES: Readonly<Record<string, string>> = {
  'invitee.created': meetingBooked.type,
  'invitee.canceled': meetingCancelled.type
};

const told = v.looseObject({ event: v.string(), created_at: isoInstant, payload: v.optional(v.unknown()) });
const invitee = v.object({
  uri: v.string(),
  email: v.string(),
  name: optionalText,
  first_name: optionalText,
  last_name: optionalText,
  text_reminder_number: optionalText,
  rescheduled: v.nullish(v.boolean(), null),
  scheduled_event: v.object({
    uri: v.string(),
    name: optionalText,
    start_time: isoInstant,
    location: v.nullish(v.object({ join_url: optionalText }), null)
  })
});

/** Calendly's webhooks ('Webhook Events Overview'). A new time cancels the old booking and makes another: only the latter is told. */
export default defineMapper({
  kind: 'calendly',
  name: 'Calendly',
  delivers: [meetingBooked.type, meetingCancelled.type],
  documentation:
    'https://developer.calendly.com/receive-data-from-scheduled-events-in-real-time-with-webhook-subscriptions',
  signs: true,
  facts: ({ body }) =>
    factsOfJson(body, told, ({ event, created_at, payload }) => {
      const type = TYPES[event];
      if (type === undefined) return ok([]);
      const ofInvitee = (it: v.InferOutput<typeof invitee>) => {
        if (type === meetingCancelled.type && it.rescheduled === true) return ok([]);
        const { uri, name, start_time, location } = it.scheduled_event;
        const url = location?.join_url?.startsWith('https://') ? location.join_url : '';
        const named = { first: it.first_name, last: it.last_name, phone: it.text_reminder_number };
        return ok([
          {
            type,
            occurredAt: created_at,
            properties: { meetingId: uri.split('/').at(-1) || uri, type: name ?? '', url, startsAt: start_time },
            dedupeKey: `calendly:${event}:${it.uri}`,
            person: buyer(it.email, it.first_name ? named : { ...named, whole: it.name })
          }
        ]);
      };
      return factsOf(payload, invitee, ofInvitee, 'payload');
    })
});
