import { defineProvider, type SendResult } from '$lib/core/providers';
import { secret, url } from '$lib/core/fields';
import type { SmsRequest } from '$lib/core/rows/messages';
import { words } from '$lib/core/words';
import { brevoMessage, brevoRefusal, testBrevo } from '../brevo-account';
import {
  baseOf,
  commonResult,
  exchange,
  quotaUsedUp,
  retryAfter,
  saidBy,
  secondsToMs,
  senderRefused,
  type Exchange
} from '../exchange';

const BREVO = 'Brevo';

/** What Brevo replaces by the number to which STOP is sent. */
const STOP_CODE = '[STOP CODE]';

/**
 * Brevo's SMS, `POST /v3/transactionalSMS/send` ('Transactional SMS endpoints' and 'Send SMS message to a mobile number' in its
 * developer documentation). There is no idempotency key: a lost answer stays unknown. A marketing text without `[STOP CODE]` may
 * be sent from a short code instead of the sender, so that it is added.
 */
export default defineProvider({
  id: 'sms.brevo',
  channel: 'sms',
  name: 'Brevo SMS',
  fields: { apiKey: secret({ required: true }), baseUrl: url({ required: true, initial: 'https://api.brevo.com' }) },
  idempotencyWindow: null,
  concurrency: 4,
  documentation: 'https://developers.brevo.com/docs/transactional-sms-endpoints',
  send: async ({ fields, request, fetch }): Promise<SendResult> => {
    const answer = await exchange(fetch, `${baseOf(fields.baseUrl)}/v3/transactionalSMS/send`, {
      method: 'POST',
      headers: { 'api-key': fields.apiKey ?? '', 'content-type': 'application/json', accept: 'application/json' },
      body: JSON.stringify(bodyOf(request))
    });
    return answer.ok ? resultOf(answer.value) : { status: 'unknown', reason: answer.reason };
  },
  test: ({ fields, fetch }) => testBrevo(fields, 'sms', fetch)
});

function bodyOf({ from, to, text = '', kind, tag }: SmsRequest): unknown {
  const isMarketing = kind === 'promotional';
  return {
    sender: from,
    recipient: to,
    content: isMarketing && !text.includes(STOP_CODE) ? `${text}\n${STOP_CODE}` : text,
    type: isMarketing ? 'marketing' : 'transactional',
    unicodeEnabled: true,
    ...(tag === undefined ? {} : { tag })
  };
}

function resultOf(answer: Exchange): SendResult {
  const { status, json, header } = answer;
  if (status >= 200 && status < 300) {
    const { messageId, reference } = (json ?? {}) as { messageId?: unknown; reference?: unknown };
    const id = typeof messageId === 'number' || typeof messageId === 'string' ? messageId : reference;
    if (typeof id === 'number' || typeof id === 'string') return { status: 'accepted', messageId: String(id) };
    return { status: 'unknown', reason: words('words.provider.not_the_api', { provider: BREVO }) };
  }
  if (status === 429) {
    const reset = secondsToMs(header('x-sib-ratelimit-reset'));
    const when = reset === null ? retryAfter(header('retry-after')) : { after: reset };
    return {
      status: 'retry',
      scope: 'account',
      ...when,
      reason: words('words.provider.too_fast', { provider: BREVO })
    };
  }
  const said = brevoMessage(json);
  if (status === 402) return { status: 'rejected', scope: 'account', reason: quotaUsedUp(BREVO, status, said) };
  const refusal = brevoRefusal(answer);
  if (refusal) return { status: 'rejected', scope: 'account', reason: refusal };
  const common = commonResult(BREVO, answer);
  if (common) return common;
  if (said === undefined || !/sender|credit/i.test(said) || /recipient/i.test(said))
    return { status: 'rejected', scope: 'recipient', reason: saidBy(BREVO, status, said) };
  const reason = (/credit/i.test(said) ? quotaUsedUp : senderRefused)(BREVO, status, said);
  return { status: 'rejected', scope: 'account', reason };
}
