import { defineProvider, type SendResult } from '$lib/core/providers';
import { secret, text, url } from '$lib/core/fields';
import type { SmsRequest } from '$lib/core/rows/messages';
import { words } from '$lib/core/words';
import { baseOf, commonResult, exchange, notTheApi, objectsOf, propertiesOf, quotaUsedUp, saidBy, senderRefused, textOf, type Exchange } from '../exchange'; // prettier-ignore
import { isUsedUp, noCredit, tryKey } from '../trying';

const VONAGE = 'Vonage';

/** Statuses that ask to try again: throttled, and too many connections ('Troubleshooting Failed SMS'). */
const LATER: ReadonlySet<string> = new Set(['1', '10']);

/** Statuses of the account, or of the sender: they concern every message. */
const OF_ACCOUNT: ReadonlySet<string> = new Set(['4', '8', '9', '11', '14', '15', '32', '101']);

/**
 * Vonage's 'SMS API', `POST /sms/json`, a form with the key in it. It answers 200 whatever has happened: the `status` of each
 * message says so, '0' being a yes. A long text comes back as several messages. There is no idempotency key.
 */
export default defineProvider({
  id: 'sms.vonage',
  channel: 'sms',
  name: VONAGE,
  fields: {
    apiKey: text({ required: true, max: 64 }),
    apiSecret: secret({ required: true }),
    baseUrl: url({ required: true, initial: 'https://rest.nexmo.com' })
  },
  idempotencyWindow: null,
  concurrency: 4,
  refusesBrowsers: true,
  documentation: 'https://developer.vonage.com/en/api/sms',
  send: async ({ fields, request, key, fetch }): Promise<SendResult> => {
    const answer = await exchange(fetch, `${baseOf(fields.baseUrl)}/sms/json`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: formOf(fields, request, key).toString()
    });
    return answer.ok ? resultOf(answer.value) : { status: 'unknown', reason: answer.reason };
  },
  // 'Get Account Balance'.
  test: ({ fields, fetch }) =>
    tryKey({
      provider: VONAGE,
      url: `${baseOf(fields.baseUrl)}/account/get-balance?${keysOf(fields).toString()}`,
      headers: { accept: 'application/json' },
      fetch,
      said: ({ json }) => textOf(propertiesOf(json)['error-code-label']),
      account: (json) => {
        const { value, autoReload } = propertiesOf(json);
        if (value === undefined) return undefined;
        return isUsedUp(value) && autoReload !== true ? noCredit(VONAGE) : '';
      }
    })
});

interface Account {
  readonly apiKey: string;
  readonly apiSecret: string | null;
}

function keysOf({ apiKey, apiSecret }: Account): URLSearchParams {
  return new URLSearchParams({ api_key: apiKey.trim(), api_secret: apiSecret ?? '' });
}

function formOf(account: Account, { from, to, text: body = '' }: SmsRequest, key: string): URLSearchParams {
  const form = keysOf(account);
  form.set('from', from.replace(/^\+/, ''));
  // Its numbers have no plus sign.
  form.set('to', to.replace(/^\+/, ''));
  form.set('text', body);
  form.set('type', isPlain(body) ? 'text' : 'unicode');
  form.set('client-ref', key.slice(0, 100));
  return form;
}

/** Whether all of it is in the alphabet of plain SMS, as far as Vonage has to be told. */
function isPlain(body: string): boolean {
  return /^[\n\r\u0020-\u005f\u0061-\u007e£¥èéùìòÇØøÅåΔΦΓΛΩΠΨΣΘΞÆæßÉ¤¡ÄÖÑÜ§¿äöñüà€]*$/.test(body);
}

function resultOf(answer: Exchange): SendResult {
  const { status, json } = answer;
  const messages = objectsOf(propertiesOf(json).messages);
  const failed = messages.find((message) => message.status !== '0');
  const [first] = messages;
  if (status >= 200 && status < 300) {
    const id = textOf(first?.['message-id']);
    // Of a text in several parts the first has left: the reader has some of it.
    if (first?.status === '0') return id === undefined ? notTheApi(VONAGE) : { status: 'accepted', messageId: id };
    const state = textOf(failed?.status);
    if (state === undefined) return notTheApi(VONAGE);
    const refused = state === '9' ? quotaUsedUp : state === '15' ? senderRefused : saidBy;
    const reason = refused(VONAGE, status, textOf(failed?.['error-text']));
    if (LATER.has(state))
      return {
        status: 'retry',
        scope: 'account',
        after: null,
        reason: words('words.provider.too_fast', { provider: VONAGE })
      };
    // Its own failure: it may have gone out.
    if (state === '5') return { status: 'unknown', reason };
    if (state === '4')
      return {
        status: 'rejected',
        scope: 'account',
        reason: words('words.provider.key_refused', { provider: VONAGE })
      };
    return { status: 'rejected', scope: OF_ACCOUNT.has(state) ? 'account' : 'recipient', reason };
  }
  return (
    commonResult(VONAGE, answer) ?? {
      status: 'rejected',
      scope: 'recipient',
      reason: saidBy(VONAGE, status, textOf(failed?.['error-text']))
    }
  );
}
