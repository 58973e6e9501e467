import { defineProvider, type CancelResult, type SendResult } from '$lib/core/providers';
import type { Fetch } from '$lib/core/fetch';
import { secret, text, url } from '$lib/core/fields';
import { DAY, MINUTE, type Instant } from '$lib/core/instants';
import type { SmsRequest } from '$lib/core/rows/messages';
import { baseOf, cancelOf, commonResult, exchange, notTheApi, objectsOf, propertiesOf, quotaUsedUp, saidBy, senderRefused, textOf, type Exchange } from '../exchange'; // prettier-ignore
import { isUsedUp, noCredit, tryKey } from '../trying';

const TELNYX = 'Telnyx';

/** Errors of this message alone ('Messaging Error Code Reference'): no route, an unsubscribed or an invalid number, the text. */
const RECIPIENT_CODES: ReadonlySet<string> = new Set([
  '10002',
  '40001',
  '40009',
  '40300',
  '40302',
  '40310',
  '40316',
  '40317'
]);

/**
 * Telnyx's 'Send a message', `POST /v2/messages`. A sender in letters needs the id of a messaging profile. There is no idempotency
 * key, and a request has no tags. `send_at` is 5 minutes to 5 days ahead ('Schedule SMS and MMS Messages'); what is scheduled for more
 * than a minute from now can be taken back ('Cancel a scheduled message').
 */
export default defineProvider({
  id: 'sms.telnyx',
  channel: 'sms',
  name: TELNYX,
  fields: {
    apiKey: secret({ required: true }),
    messagingProfileId: text({ max: 64 }),
    baseUrl: url({ required: true, initial: 'https://api.telnyx.com' })
  },
  idempotencyWindow: null,
  concurrency: 4,
  refusesBrowsers: true,
  documentation: 'https://developers.telnyx.com/api-reference/messages/send-a-message',
  ahead: {
    least: 6 * MINUTE,
    horizon: 5 * DAY - MINUTE,
    cancelBefore: 2 * MINUTE,
    cancel: ({ fields, messageId = '', fetch }) => cancel(fields, messageId, fetch)
  },
  send: async ({ fields, request, fetch, leavesAt }): Promise<SendResult> => {
    const answer = await exchange(fetch, `${baseOf(fields.baseUrl)}/v2/messages`, {
      method: 'POST',
      headers: { authorization: `Bearer ${fields.apiKey ?? ''}`, 'content-type': 'application/json' },
      body: JSON.stringify(bodyOf(request, fields.messagingProfileId.trim(), leavesAt))
    });
    return answer.ok ? resultOf(answer.value) : { status: 'unknown', reason: answer.reason };
  },
  // 'Get user balance details'.
  test: ({ fields, fetch }) =>
    tryKey({
      provider: TELNYX,
      url: `${baseOf(fields.baseUrl)}/v2/balance`,
      headers: { authorization: `Bearer ${fields.apiKey ?? ''}` },
      fetch,
      said: ({ json }) => errorOf(json).said,
      account: (json) => {
        const { balance, available_credit: left = balance } = propertiesOf(propertiesOf(json).data);
        if (balance === undefined) return undefined;
        return isUsedUp(left) ? noCredit(TELNYX) : '';
      }
    })
});

function bodyOf(
  { from, to, text: body = '' }: SmsRequest,
  messagingProfileId: string,
  leavesAt: Instant | undefined
): unknown {
  return {
    from,
    to,
    text: body,
    type: 'SMS',
    ...(messagingProfileId === '' ? {} : { messaging_profile_id: messagingProfileId }),
    ...(leavesAt === undefined ? {} : { send_at: `${new Date(leavesAt).toISOString().slice(0, 19)}Z` })
  };
}

/** 'Cancel a scheduled message', `DELETE /v2/messages/{id}`; where it refuses, 'Retrieve a message' says what became of it. */
async function cancel(
  { apiKey, baseUrl }: { apiKey: string | null; baseUrl: string },
  messageId: string,
  fetch: Fetch
): Promise<CancelResult> {
  const address = `${baseOf(baseUrl)}/v2/messages/${encodeURIComponent(messageId)}`;
  const headers = { authorization: `Bearer ${apiKey ?? ''}` };
  const answer = await exchange(fetch, address, { method: 'DELETE', headers });
  if (!answer.ok) return { status: 'unknown', reason: answer.reason };
  const result = cancelOf(TELNYX, answer.value, errorOf(answer.value.json).said);
  if (result.status !== 'late') return result;
  const state = await exchange(fetch, address, { headers });
  const [reader] = state.ok ? objectsOf(propertiesOf(propertiesOf(state.value.json).data).to) : [];
  const status = textOf(reader?.status);
  if (status === undefined) return { status: 'unknown', reason: result.reason };
  return status === 'cancelled' ? { status: 'cancelled' } : result;
}

function resultOf(answer: Exchange): SendResult {
  const { status, json } = answer;
  if (status >= 200 && status < 300) {
    const id = textOf(propertiesOf(propertiesOf(json).data).id);
    return id === undefined ? notTheApi(TELNYX) : { status: 'accepted', messageId: id };
  }
  const { code, said } = errorOf(json);
  const reason = saidBy(TELNYX, status, said);
  if (code !== undefined && RECIPIENT_CODES.has(code) && status < 500)
    return { status: 'rejected', scope: 'recipient', reason };
  // Said of an account or a number that may not send, as well as of a key.
  if (status === 402) return { status: 'rejected', scope: 'account', reason: quotaUsedUp(TELNYX, status, said) };
  if (status === 403 && said !== undefined) return { status: 'rejected', scope: 'account', reason };
  const common = commonResult(TELNYX, answer);
  if (common) return common;
  if (code === undefined || !/^(20|403|404)/.test(code)) return { status: 'rejected', scope: 'recipient', reason };
  const refused = /\bfrom\b|source/i.test(said ?? '') ? senderRefused : saidBy;
  return { status: 'rejected', scope: 'account', reason: refused(TELNYX, status, said) };
}

/** `{ errors: [{ code, title, detail }] }` */
function errorOf(json: unknown): { code?: string | undefined; said?: string | undefined } {
  const [first] = objectsOf(propertiesOf(json).errors);
  const code = typeof first?.code === 'number' ? String(first.code) : textOf(first?.code);
  return { code, said: textOf(first?.detail) ?? textOf(first?.title) };
}
