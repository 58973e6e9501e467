import * as v from 'valibot';
import { defineMapper, type IncomingFact } from '$lib/core/sources';
import { callEnded } from '$lib/core/events/phone';
import { SECOND } from '$lib/core/instants';
import { ok } from '$lib/core/result';
import { textId } from './bought';
import { factsOf, factsOfJson, optionalText } from './payload';

const told = v.looseObject({ event: v.string(), resource: optionalText, data: v.optional(v.unknown()) });
const call = v.object({
  call_id: textId,
  direction: v.picklist(['inbound', 'outbound']),
  /** In seconds. */
  start_time: v.number(),
  hangup_time: v.nullish(v.number(), null),
  duration_in_seconds: v.nullish(v.number(), null),
  from_number: v.string(),
  to_number: v.string(),
  is_internal: v.optional(v.boolean(), false),
  is_anonymous: v.optional(v.boolean(), false)
});
type Call = v.InferOutput<typeof call>;
type CallType = 'inbound' | 'outbound' | 'missed' | 'voicemail';

const TYPES: Readonly<Record<string, (call: Call) => CallType | null>> = {
  // Nobody has spoken in an incoming call that lasted no time: that it was missed is told by itself.
  hangup: ({ direction, duration_in_seconds: spoken }) =>
    direction === 'inbound' && (spoken ?? 0) === 0 ? null : direction,
  missed: () => 'missed',
  voicemail: () => 'voicemail'
};

/** Ringover's webhooks ('Webhooks', 'Calls'): the end of a call, one that was missed, and a message that was left. */
export default defineMapper({
  kind: 'ringover',
  name: 'Ringover',
  delivers: [callEnded.type],
  documentation: 'https://developer.ringover.com/#tag/webhook',
  signs: false,
  facts: ({ body }) =>
    factsOfJson(body, told, ({ event, resource, data }) => {
      const typeOf = TYPES[event];
      if (!typeOf || (resource !== null && resource !== 'call')) return ok([]);
      return factsOf(data, call, (it) => ok(ofCall(it, typeOf(it))), 'data');
    })
});

function ofCall(it: Call, type: CallType | null): IncomingFact[] {
  const isInbound = it.direction === 'inbound';
  const phone = e164(isInbound ? it.from_number : it.to_number);
  if (type === null || it.is_internal || (isInbound && it.is_anonymous) || phone === null) return [];
  const fact: IncomingFact = {
    type: callEnded.type,
    occurredAt: Math.round((it.hangup_time ?? it.start_time) * SECOND),
    properties: {
      callId: it.call_id,
      line: isInbound ? it.to_number : it.from_number,
      type,
      duration: it.duration_in_seconds ?? 0
    },
    dedupeKey: `ringover:${it.call_id}:${type}`,
    person: { phone }
  };
  return [fact];
}

/** It writes numbers with their country but without a plus: `33612345678`. */
function e164(number: string): string | null {
  const phone = `+${number.replace(/\D/g, '')}`;
  return /^\+[1-9]\d{6,14}$/.test(phone) ? phone : null;
}
