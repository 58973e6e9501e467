import { defineProvider, type SendResult } from '$lib/core/providers';
import { secret, text, url } from '$lib/core/fields';
import type { Instant } from '$lib/core/instants';
import type { SmsRequest } from '$lib/core/rows/messages';
import { baseOf, commonResult, exchange, notTheApi, propertiesOf, quotaUsedUp, saidBy, senderRefused, textOf, type Exchange } from '../exchange'; // prettier-ignore
import { isUsedUp, noCredit, sendingOff, tryKey } from '../trying';

const OVH = 'OVHcloud';

/**
 * OVHcloud's 'API SMS Cookbook', `POST /1.0/sms/{serviceName}/jobs`. Each call is signed ('First steps with the OVHcloud API'): a
 * SHA-1 of the secrets, the call and the time. It answers 200 with the numbers that it took: none is a refusal. What is no
 * marketing leaves without the line on STOP, at any hour. There is no idempotency key.
 */
export default defineProvider({
  id: 'sms.ovh',
  channel: 'sms',
  name: 'OVHcloud SMS',
  fields: {
    serviceName: text({ required: true, max: 64 }),
    applicationKey: text({ required: true, max: 64 }),
    applicationSecret: secret({ required: true }),
    consumerKey: secret({ required: true }),
    baseUrl: url({ required: true, initial: 'https://eu.api.ovh.com' })
  },
  idempotencyWindow: null,
  concurrency: 4,
  documentation: 'https://docs.ovhcloud.com/en/guides/web-cloud/messaging/sms/api-sms-cookbook',
  send: async ({ fields, request, fetch, now }): Promise<SendResult> => {
    const address = `${serviceOf(fields)}/jobs`;
    const body = JSON.stringify(bodyOf(request));
    const answer = await exchange(fetch, address, {
      method: 'POST',
      headers: { ...(await signed(fields, 'POST', address, body, now)), 'content-type': 'application/json' },
      body
    });
    return answer.ok ? resultOf(answer.value) : { status: 'unknown', reason: answer.reason };
  },
  // 'Get this object properties' of the SMS account; calls are signed with OVHcloud's own time, asked for first.
  test: async ({ fields, fetch }) => {
    const time = await exchange(fetch, `${baseOf(fields.baseUrl)}/1.0/auth/time`, {});
    if (!time.ok) return time;
    const now = typeof time.value.json === 'number' ? time.value.json * 1_000 : 0;
    const address = serviceOf(fields);
    return tryKey({
      provider: OVH,
      url: address,
      headers: await signed(fields, 'GET', address, '', now),
      fetch,
      said: ({ json }) => textOf(propertiesOf(json).message),
      account: (json) => {
        const { name, status, creditsLeft } = propertiesOf(json);
        if (textOf(name) === undefined) return undefined;
        if (status === 'disable') return sendingOff(OVH);
        return isUsedUp(creditsLeft) ? noCredit(OVH) : textOf(name);
      }
    });
  }
});

interface Account {
  readonly serviceName: string;
  readonly applicationKey: string;
  readonly applicationSecret: string | null;
  readonly consumerKey: string | null;
  readonly baseUrl: string;
}

function serviceOf({ baseUrl, serviceName }: Account): string {
  return `${baseOf(baseUrl)}/1.0/sms/${encodeURIComponent(serviceName.trim())}`;
}

/** `$1$` and the SHA-1 of secret, consumer key, method, address, body and time in seconds, joined by `+`. */
async function signed(
  { applicationKey, applicationSecret, consumerKey }: Account,
  method: string,
  address: string,
  body: string,
  now: Instant
): Promise<Record<string, string>> {
  const timestamp = String(Math.floor(now / 1_000));
  const parts = [applicationSecret ?? '', consumerKey ?? '', method, address, body, timestamp];
  const digest = await crypto.subtle.digest('SHA-1', new TextEncoder().encode(parts.join('+')));
  const hex = [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return {
    'x-ovh-application': applicationKey.trim(),
    'x-ovh-consumer': consumerKey ?? '',
    'x-ovh-timestamp': timestamp,
    'x-ovh-signature': `$1$${hex}`
  };
}

function bodyOf({ from, to, text: message = '', kind, tag }: SmsRequest): unknown {
  return {
    message,
    receivers: [to],
    sender: from,
    charset: 'UTF-8',
    noStopClause: kind !== 'promotional',
    ...(tag === undefined ? {} : { tag: tag.slice(0, 20) })
  };
}

function resultOf(answer: Exchange): SendResult {
  const { status, json } = answer;
  const { ids, invalidReceivers, validReceivers, message, errorCode } = propertiesOf(json);
  const said = textOf(message);
  const reason = saidBy(OVH, status, said);
  if (status >= 200 && status < 300) {
    const id: unknown = Array.isArray(ids) ? ids[0] : undefined;
    if (typeof id === 'number' || typeof id === 'string') return { status: 'accepted', messageId: String(id) };
    if (isFilled(invalidReceivers) && !isFilled(validReceivers))
      return { status: 'rejected', scope: 'recipient', reason };
    return notTheApi(OVH);
  }
  // A signature that is wrong, or of another time than OVHcloud's.
  if (errorCode === 'INVALID_SIGNATURE' || errorCode === 'QUERY_TIME_OUT')
    return { status: 'rejected', scope: 'account', reason };
  if (status === 402 || /credit/i.test(said ?? ''))
    return { status: 'rejected', scope: 'account', reason: quotaUsedUp(OVH, status, said) };
  const common = commonResult(OVH, answer);
  if (common) return common;
  if (/sender/i.test(said ?? ''))
    return { status: 'rejected', scope: 'account', reason: senderRefused(OVH, status, said) };
  return { status: 'rejected', scope: status === 404 ? 'account' : 'recipient', reason };
}

function isFilled(list: unknown): boolean {
  return Array.isArray(list) && list.length > 0;
}
