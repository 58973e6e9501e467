import * as v from 'valibot';
import { defineMapper, type IncomingFact } from '$lib/core/sources';
import { meetingBooked, meetingCancelled, meetingStarted } from '$lib/core/events/meetings';
import type { Instant } from '$lib/core/instants';
import { ok } from '$lib/core/result';
import { buyer } from './newcomer';
import { factsOf, factsOfJson, isoInstant, optionalText } from './payload';

/** A new time is a new booking to Cal.com too, with an id of its own. */
const TYPES: Readonly<Record<string, string>> = {
  BOOKING_CREATED: meetingBooked.type,
  BOOKING_RESCHEDULED: meetingBooked.type,
  BOOKING_CANCELLED: meetingCancelled.type,
  MEETING_STARTED: meetingStarted.type
};

const told = v.looseObject({
  triggerEvent: v.string(),
  createdAt: v.optional(isoInstant),
  payload: v.optional(v.unknown())
});
const booking = v.object({
  uid: v.string(),
  type: optionalText,
  startTime: isoInstant,
  location: optionalText,
  metadata: v.nullish(v.object({ videoCallUrl: optionalText }), null),
  attendees: v.array(
    v.object({ email: v.string(), name: optionalText, firstName: optionalText, lastName: optionalText })
  )
});

/**
 * Cal.com's webhooks ('Webhooks', guides for developers): one fact for each who attends. Of a meeting that starts some versions tell the
 * booking itself, without an envelope.
 */
export default defineMapper({
  kind: 'calcom',
  name: 'Cal.com',
  delivers: [meetingBooked.type, meetingCancelled.type, meetingStarted.type],
  documentation: 'https://cal.com/docs/developing/guides/automation/webhooks',
  signs: true,
  facts: ({ body, receivedAt }) =>
    factsOfJson(body, told, (post) => {
      const { triggerEvent, createdAt = receivedAt, payload = post } = post;
      const type = TYPES[triggerEvent];
      if (type === undefined) return ok([]);
      return factsOf(
        payload,
        booking,
        (it) => ok(factsAt(type, triggerEvent, it, type === meetingStarted.type ? it.startTime : createdAt)),
        payload === post ? '' : 'payload'
      );
    })
});

function factsAt(type: string, trigger: string, it: v.InferOutput<typeof booking>, at: Instant): IncomingFact[] {
  const { uid, startTime, attendees, metadata, location } = it;
  const url = [metadata?.videoCallUrl, location].find((link) => link?.startsWith('https://')) ?? '';
  return attendees.map(({ email, name, firstName, lastName }): IncomingFact => ({
    type,
    occurredAt: at,
    properties: { meetingId: uid, type: it.type ?? '', url, startsAt: startTime },
    dedupeKey: `calcom:${trigger}:${uid}:${startTime}:${email}`,
    person: buyer(email, firstName ? { first: firstName, last: lastName } : { whole: name })
  }));
}
