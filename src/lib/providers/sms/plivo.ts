import { defineProvider, type SendResult } from '$lib/core/providers';
import { secret, text, url } from '$lib/core/fields';
import { baseOf, basicAuthorization, commonResult, exchange, notTheApi, propertiesOf, quotaUsedUp, saidBy, senderRefused, textOf, type Exchange } from '../exchange'; // prettier-ignore
import { isUsedUp, noCredit, tryKey } from '../trying';

const PLIVO = 'Plivo';

/**
 * Plivo's 'Send a message', `POST /v1/Account/{auth_id}/Message/`, with basic authorization. It answers 202 with a list of ids; a
 * number that it cannot use stands in `invalid_number`. There is no idempotency key.
 */
export default defineProvider({
  id: 'sms.plivo',
  channel: 'sms',
  name: PLIVO,
  fields: {
    authId: text({ required: true, max: 64 }),
    authToken: secret({ required: true }),
    baseUrl: url({ required: true, initial: 'https://api.plivo.com' })
  },
  idempotencyWindow: null,
  concurrency: 4,
  documentation: 'https://www.plivo.com/docs/messaging/api/message/send-a-message/',
  send: async ({ fields, request, fetch }): Promise<SendResult> => {
    const { from, to, text: body = '' } = request;
    const answer = await exchange(fetch, addressOf(fields, 'Message/'), {
      method: 'POST',
      headers: { authorization: authorization(fields), 'content-type': 'application/json' },
      body: JSON.stringify({ src: from, dst: to, text: body, type: 'sms' })
    });
    return answer.ok ? resultOf(answer.value) : { status: 'unknown', reason: answer.reason };
  },
  // 'Retrieve account details'.
  test: ({ fields, fetch }) =>
    tryKey({
      provider: PLIVO,
      url: addressOf(fields, ''),
      headers: { authorization: authorization(fields) },
      fetch,
      said: ({ json }) => textOf(propertiesOf(json).error),
      account: (json) => {
        const { name, cash_credits: left, billing_mode: billing } = propertiesOf(json);
        if (textOf(name) !== undefined && isUsedUp(left) && billing !== 'postpaid') return noCredit(PLIVO);
        return textOf(name);
      }
    })
});

interface Account {
  readonly authId: string;
  readonly authToken: string | null;
  readonly baseUrl: string;
}

function addressOf({ authId, baseUrl }: Account, rest: string): string {
  return `${baseOf(baseUrl)}/v1/Account/${encodeURIComponent(authId.trim())}/${rest}`;
}

function authorization({ authId, authToken }: Account): string {
  return basicAuthorization(authId.trim(), authToken ?? '');
}

function resultOf(answer: Exchange): SendResult {
  const { status, json } = answer;
  const { message_uuid: ids, invalid_number: invalid, error } = propertiesOf(json);
  const said = textOf(error);
  if (status >= 200 && status < 300) {
    const id = Array.isArray(ids) ? textOf(ids[0]) : undefined;
    if (id !== undefined) return { status: 'accepted', messageId: id };
    return Array.isArray(invalid) && invalid.length > 0
      ? { status: 'rejected', scope: 'recipient', reason: saidBy(PLIVO, status, said) }
      : notTheApi(PLIVO);
  }
  const common = commonResult(PLIVO, answer);
  if (common) return common;
  if (status === 402 || /credit|balance|insufficient/i.test(said ?? ''))
    return { status: 'rejected', scope: 'account', reason: quotaUsedUp(PLIVO, status, said) };
  if (/\bsrc\b|sender/i.test(said ?? ''))
    return { status: 'rejected', scope: 'account', reason: senderRefused(PLIVO, status, said) };
  return { status: 'rejected', scope: 'recipient', reason: saidBy(PLIVO, status, said) };
}
