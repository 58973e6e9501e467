import { defineProvider, type CancelResult, type LookUp, type SendResult } from '$lib/core/providers';
import type { Fetch } from '$lib/core/fetch';
import { secret, text, url } from '$lib/core/fields';
import { DAY, MINUTE, type Instant } from '$lib/core/instants';
import { failed, ok } from '$lib/core/result';
import type { SmsRequest } from '$lib/core/rows/messages';
import { words } from '$lib/core/words';
import {
  baseOf,
  basicAuthorization,
  cancelOf,
  commonResult,
  exchange,
  propertiesOf,
  saidBy,
  senderRefused,
  textOf,
  type Exchange
} from '../exchange';
import { sendingOff, troubleOf } from '../trying';

const TWILIO = 'Twilio';

/** Errors of the sender's number or of the account ('Error and Warning Dictionary'): they concern every message. */
const ACCOUNT_CODES: ReadonlySet<number> = new Set([20003, 20005]);
const SENDER_CODES: ReadonlySet<number> = new Set([21212, 21603, 21606, 21659, 21660, 21703]);

/**
 * Twilio's 'Messages resource', `POST /2010-04-01/Accounts/{sid}/Messages.json`: form-encoded, with basic authorization. A sender
 * whose name begins with `MG` is a messaging service. There is no idempotency key. A message may be created with the status
 * `failed` or `undelivered`: it was not sent. A messaging service takes messages for later ('Message Scheduling', error 35114): 5 minutes
 * to 35 days ahead, for a while 15 minutes at least, which is what is kept to here. It can be taken back while its state is `scheduled`.
 */
export default defineProvider({
  id: 'sms.twilio',
  channel: 'sms',
  name: TWILIO,
  fields: {
    accountSid: text({ required: true, max: 64 }),
    authToken: secret({ required: true }),
    baseUrl: url({ required: true, initial: 'https://api.twilio.com' })
  },
  idempotencyWindow: null,
  concurrency: 4,
  documentation: 'https://www.twilio.com/docs/messaging/api/message-resource',
  ahead: {
    least: 16 * MINUTE,
    horizon: 35 * DAY - MINUTE,
    cancelBefore: MINUTE,
    takesFrom: isService,
    cancel: ({ fields, messageId = '', fetch }) => cancel(fields, messageId, fetch)
  },
  send: async ({ fields, request, fetch, leavesAt }): Promise<SendResult> => {
    const { from, to, text: body = '' } = request;
    const answer = await exchange(fetch, addressOf(fields, '/Messages.json'), {
      method: 'POST',
      headers: { authorization: authorization(fields), 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({
        To: to,
        [isService(from) ? 'MessagingServiceSid' : 'From']: from,
        Body: body,
        // Whole seconds: YYYY-MM-DDTHH:MM:SSZ.
        ...(leavesAt === undefined
          ? {}
          : { ScheduleType: 'fixed', SendAt: `${new Date(leavesAt).toISOString().slice(0, 19)}Z` })
      }).toString()
    });
    return answer.ok ? resultOf(answer.value) : { status: 'unknown', reason: answer.reason };
  },
  lookUp: ({ fields, request, since, fetch }) => lookUp(fields, request, since, fetch),
  test: async ({ fields, fetch }) => {
    const answer = await exchange(fetch, addressOf(fields, '.json'), {
      headers: { authorization: authorization(fields) }
    });
    if (!answer.ok) return answer;
    const trouble = troubleOf(TWILIO, answer.value, errorOf(answer.value.json).message);
    if (trouble) return failed(trouble);
    const { friendly_name: name, status, type } = propertiesOf(answer.value.json);
    if (typeof name !== 'string') return failed(words('words.provider.not_the_api', { provider: TWILIO }));
    // Suspended, or closed.
    if (textOf(status) !== undefined && status !== 'active') return failed(sendingOff(TWILIO));
    return type === 'Trial'
      ? ok(words('words.provider.on_trial', { provider: TWILIO }))
      : ok(words('words.provider.works', { provider: TWILIO, account: name }));
  }
});

function isService(from: string): boolean {
  return from.startsWith('MG');
}

interface Account {
  readonly accountSid: string;
  readonly authToken: string | null;
  readonly baseUrl: string;
}

function addressOf({ accountSid, baseUrl }: Account, rest: string): string {
  return `${baseOf(baseUrl)}/2010-04-01/Accounts/${encodeURIComponent(accountSid.trim())}${rest}`;
}

function authorization({ accountSid, authToken }: Account): string {
  return basicAuthorization(accountSid.trim(), authToken ?? '');
}

function resultOf(answer: Exchange): SendResult {
  const { status, json } = answer;
  if (status >= 200 && status < 300) {
    const { sid, status: state, error_message: said } = (json ?? {}) as Record<string, unknown>;
    if (typeof sid !== 'string')
      return { status: 'unknown', reason: words('words.provider.not_the_api', { provider: TWILIO }) };
    if (state === 'failed' || state === 'undelivered')
      return {
        status: 'rejected',
        scope: 'recipient',
        reason: saidBy(TWILIO, status, typeof said === 'string' ? said : state)
      };
    return { status: 'accepted', messageId: sid };
  }
  const common = commonResult(TWILIO, answer);
  if (common) return common;
  const { code, message } = errorOf(json);
  if (code !== undefined && SENDER_CODES.has(code))
    return { status: 'rejected', scope: 'account', reason: senderRefused(TWILIO, status, message) };
  return {
    status: 'rejected',
    scope: code !== undefined && ACCOUNT_CODES.has(code) ? 'account' : 'recipient',
    reason: saidBy(TWILIO, status, message)
  };
}

function errorOf(json: unknown): { code?: number; message?: string } {
  const { code, message } = (json ?? {}) as { code?: unknown; message?: unknown };
  return {
    ...(typeof code === 'number' ? { code } : {}),
    ...(typeof message === 'string' ? { message } : {})
  };
}

/** 'Cancel a scheduled message': `Status=canceled`. Refused where it is not scheduled any more (error 30409): its state says why. */
async function cancel(fields: Account, messageId: string, fetch: Fetch): Promise<CancelResult> {
  const address = addressOf(fields, `/Messages/${encodeURIComponent(messageId)}.json`);
  const headers = { authorization: authorization(fields) };
  const answer = await exchange(fetch, address, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/x-www-form-urlencoded' },
    body: 'Status=canceled'
  });
  if (!answer.ok) return { status: 'unknown', reason: answer.reason };
  const result = cancelOf(TWILIO, answer.value, errorOf(answer.value.json).message);
  if (result.status !== 'late') return result;
  const state = await exchange(fetch, address, { headers });
  const status = state.ok ? textOf(propertiesOf(state.value.json).status) : undefined;
  if (status === undefined) return { status: 'unknown', reason: result.reason };
  return status === 'canceled' ? { status: 'cancelled' } : result;
}

const CLOCK_DIFFERENCE = 10 * MINUTE;

/** 'Read multiple Message resources', `GET .../Messages.json?To=&DateSent>=`: by number, from a day of UTC on, newest first. */
async function lookUp(fields: Account, { to, text }: SmsRequest, since: Instant, fetch: Fetch): Promise<LookUp> {
  const from = since - CLOCK_DIFFERENCE;
  const query = new URLSearchParams({
    To: to,
    'DateSent>': new Date(from).toISOString().slice(0, 10),
    PageSize: '100'
  });
  const answer = await exchange(fetch, addressOf(fields, `/Messages.json?${query.toString()}`), {
    headers: { authorization: authorization(fields) }
  });
  if (!answer.ok) return { reason: answer.reason };
  const { status, json } = answer.value;
  if (status !== 200) return { reason: saidBy(TWILIO, status, errorOf(json).message) };
  const { messages = [] } = (json ?? {}) as { messages?: Record<string, unknown>[] };
  const isIt = ({ body, status: state, date_created: date }: Record<string, unknown>): boolean =>
    body === text && state !== 'failed' && state !== 'undelivered' && Date.parse(String(date)) >= from;
  return { messageIds: messages.filter(isIt).flatMap(({ sid }) => (typeof sid === 'string' ? sid : [])) };
}
