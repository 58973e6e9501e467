import * as v from 'valibot';
import { defineMapper, type IncomingFact } from '$lib/core/sources';
import { callEnded } from '$lib/core/events/phone';
import { SECOND } from '$lib/core/instants';
import { ok } from '$lib/core/result';
import { textId } from './bought';
import { factsOf, factsOfJson, optionalText } from './payload';

const told = v.looseObject({ event: v.string(), data: v.optional(v.unknown()) });
const call = v.object({
  id: textId,
  direction: v.picklist(['inbound', 'outbound']),
  started_at: v.number(),
  answered_at: v.nullish(v.number(), null),
  ended_at: v.nullish(v.number(), null),
  duration: v.nullish(v.number(), null),
  voicemail: optionalText,
  raw_digits: optionalText,
  number: v.nullish(v.object({ name: optionalText, digits: optionalText }), null)
});
type Call = v.InferOutput<typeof call>;

/** Aircall's webhooks ('Call events'). The recording of a voicemail is told after the call that ended without an answer. */
export default defineMapper({
  kind: 'aircall',
  name: 'Aircall',
  delivers: [callEnded.type],
  documentation: 'https://developer.aircall.io/api-references/#call-events',
  signs: true,
  facts: ({ body }) =>
    factsOfJson(body, told, ({ event, data }) => {
      if (event !== 'call.ended' && event !== 'call.voicemail_left') return ok([]);
      return factsOf(data, call, (it) => ok(ofCall(it, event === 'call.voicemail_left')), 'data');
    })
});

function ofCall(it: Call, isVoicemail: boolean): IncomingFact[] {
  // `+33 6 12 34 56 78`; `anonymous` where the number is withheld.
  const phone = (it.raw_digits ?? '').replace(/[^\d+]/g, '');
  if (!/^\+\d{7,15}$/.test(phone)) return [];
  const type = isVoicemail || it.voicemail !== null ? 'voicemail' : typeOf(it);
  const fact: IncomingFact = {
    type: callEnded.type,
    occurredAt: (it.ended_at ?? it.started_at) * SECOND,
    properties: { callId: it.id, line: it.number?.name ?? it.number?.digits ?? '', type, duration: it.duration ?? 0 },
    dedupeKey: `aircall:${it.id}:${type}`,
    person: { phone }
  };
  return [fact];
}

function typeOf({ direction, answered_at }: Call): 'inbound' | 'outbound' | 'missed' {
  return direction === 'inbound' && answered_at === null ? 'missed' : direction;
}
