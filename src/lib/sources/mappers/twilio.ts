import { defineMapper, type IncomingFact } from '$lib/core/sources';
import { callEnded } from '$lib/core/events/phone';
import { smsDelivered, smsFailed, smsUnsubscribed } from '$lib/core/events/sms';
import type { Instant } from '$lib/core/instants';
import { failed, ok } from '$lib/core/result';
import { words } from '$lib/core/words';

/** 'Twilio support for opt-out keywords', and the French one. */
const STOP = new Set(['STOP', 'STOPALL', 'UNSUBSCRIBE', 'CANCEL', 'END', 'QUIT', 'REVOKE', 'OPTOUT', 'ARRET', 'ARRÊT']);
/** States in which a call is over. */
const OVER = new Set(['completed', 'busy', 'no-answer', 'failed', 'canceled']);

type Form = (name: string) => string;

/**
 * Twilio's callbacks, form-encoded: 'StatusCallback' of calls ('Call resource'), 'Track outbound message status', and messages that come
 * in ('Twilio's request to your incoming message webhook URL'), of which an answer STOP is told.
 */
export default defineMapper({
  kind: 'twilio',
  name: 'Twilio',
  delivers: [callEnded.type, smsDelivered.type, smsFailed.type, smsUnsubscribed.type],
  documentation: 'https://www.twilio.com/docs/usage/webhooks',
  signs: true,
  facts: ({ body, receivedAt }) => {
    const form = new URLSearchParams(body);
    const of: Form = (name) => form.get(name) ?? '';
    if (of('CallSid') !== '') return ok(ofCall(of, receivedAt));
    if (of('MessageSid') !== '') return ok(ofMessage(of, receivedAt));
    return failed(words('words.inbox.not_as_documented', { path: 'CallSid' }));
  }
});

/** The other end is whoever calls us or is called by us; a client or a SIP address is nobody's number. */
function ofCall(of: Form, receivedAt: Instant): IncomingFact[] {
  const status = of('CallStatus');
  const isInbound = of('Direction') === 'inbound';
  const phone = isInbound ? of('From') : of('To');
  if (!OVER.has(status) || !isNumber(phone)) return [];
  const saidAt = Date.parse(of('Timestamp'));
  const isMissed = isInbound && status !== 'completed';
  const fact: IncomingFact = {
    type: callEnded.type,
    occurredAt: Number.isNaN(saidAt) ? receivedAt : saidAt,
    properties: {
      callId: of('CallSid'),
      line: isInbound ? of('To') : of('From'),
      type: isMissed ? 'missed' : isInbound ? 'inbound' : 'outbound',
      duration: Math.max(0, Number(of('CallDuration')) || 0)
    },
    dedupeKey: `twilio:call:${of('CallSid')}`,
    person: { phone }
  };
  return [fact];
}

function ofMessage(of: Form, receivedAt: Instant): IncomingFact[] {
  const messageId = of('MessageSid');
  const status = of('MessageStatus') || of('SmsStatus');
  const common = { occurredAt: receivedAt, dedupeKey: `twilio:sms:${messageId}:${status}` };
  const told = { messageId, smsName: '', tag: '' };
  switch (status) {
    case 'delivered':
      return [{ ...common, type: smsDelivered.type, properties: told, person: { messageId } }];
    case 'undelivered':
    case 'failed':
      return [
        { ...common, type: smsFailed.type, properties: { ...told, reason: of('ErrorCode') }, person: { messageId } }
      ];
    case 'received': {
      const phone = of('From');
      const isStop = of('OptOutType') === 'STOP' || STOP.has(of('Body').trim().toUpperCase());
      return isStop && isNumber(phone)
        ? [{ ...common, type: smsUnsubscribed.type, properties: told, person: { phone } }]
        : [];
    }
    default:
      return [];
  }
}

function isNumber(text: string): boolean {
  return /^\+\d{7,15}$/.test(text);
}
