import { defineProvider, type CancelResult, type SendResult } from '$lib/core/providers';
import type { Fetch } from '$lib/core/fetch';
import { secret, url } from '$lib/core/fields';
import { DAY, HOUR, MINUTE, type Instant } from '$lib/core/instants';
import { failed, ok } from '$lib/core/result';
import type { EmailRequest } from '$lib/core/rows/messages';
import { words } from '$lib/core/words';
import { asciiTag, headersOf, mailbox } from '../email-parts';
import {
  baseOf,
  cancelOf,
  commonResult,
  exchange,
  notTheApi,
  objectsOf,
  propertiesOf,
  quotaUsedUp,
  saidBy,
  senderRefused,
  textOf,
  type Exchange
} from '../exchange';
import { noSender, troubleOf } from '../trying';

const RESEND = 'Resend';

/** States of a domain that sends nothing ('List Domains'). */
const UNVERIFIED: ReadonlySet<string> = new Set(['not_started', 'pending', 'failed']);

/**
 * Resend's 'Send Email', `POST /emails`. The `Idempotency-Key` is remembered for 24 hours ('Idempotency Keys'). Its refusals carry a
 * `name` ('Errors'): a wrong key is 401, 403 or, for calls other than sending, 400. `scheduled_at` is at most 30 days ahead ('Schedule
 * Email'); 'Cancel Email' takes back what has not left, and names no time before: a minute is left for it. 'Send Batch Emails', `POST
 * /emails/batch`, takes 100 that leave at once, in their order; where it is asked for the `permissive` validation, one that is not valid is
 * among the `errors`, by its place, and keeps none of the others.
 */
export default defineProvider({
  id: 'email.resend',
  channel: 'email',
  name: RESEND,
  fields: { apiKey: secret({ required: true }), baseUrl: url({ required: true, initial: 'https://api.resend.com' }) },
  idempotencyWindow: DAY,
  concurrency: 2,
  refusesBrowsers: true,
  documentation: 'https://resend.com/docs/api-reference/emails/send-email',
  ahead: {
    least: 5 * MINUTE,
    horizon: 30 * DAY,
    cancelBefore: MINUTE,
    cancel: ({ fields, messageId = '', fetch }) => cancel(fields, messageId, fetch)
  },
  send: async ({ fields, request, key, fetch, leavesAt }): Promise<SendResult> => {
    const answer = await exchange(fetch, `${baseOf(fields.baseUrl)}/emails`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${fields.apiKey ?? ''}`,
        'content-type': 'application/json',
        'idempotency-key': key
      },
      body: JSON.stringify(bodyOf(request, leavesAt))
    });
    return answer.ok ? resultOf(answer.value) : { status: 'unknown', reason: answer.reason };
  },
  batches: {
    most: 100,
    concurrency: 2,
    groupOf: () => '',
    send: async ({ fields, requests, key, fetch }) => {
      const answer = await exchange(fetch, `${baseOf(fields.baseUrl)}/emails/batch`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${fields.apiKey ?? ''}`,
          'content-type': 'application/json',
          'idempotency-key': key,
          'x-batch-validation': 'permissive'
        },
        body: JSON.stringify(requests.map((request) => bodyOf(request, undefined)))
      });
      if (!answer.ok) return { status: 'unknown', reason: answer.reason };
      return resultsOf(answer.value, requests.length) ?? resultOf(answer.value);
    }
  },
  test: async ({ fields, fetch }) => {
    const answer = await exchange(fetch, `${baseOf(fields.baseUrl)}/domains`, {
      headers: { authorization: `Bearer ${fields.apiKey ?? ''}` }
    });
    if (!answer.ok) return answer;
    const { json } = answer.value;
    const { name, message } = errorOf(json);
    const accepts = ok(words('words.provider.accepts_key', { provider: RESEND }));
    // A key that may only send is known all the same.
    if (name === 'restricted_api_key') return accepts;
    if (isWrongKey(message)) return failed(words('words.provider.key_refused', { provider: RESEND }));
    const trouble = troubleOf(RESEND, answer.value, message);
    if (trouble) return failed(trouble);
    const { data } = propertiesOf(json);
    if (!Array.isArray(data)) return failed(words('words.provider.not_the_api', { provider: RESEND }));
    return objectsOf(data).some(({ status: state }) => !UNVERIFIED.has(String(state)))
      ? accepts
      : failed(noSender(RESEND));
  }
});

function bodyOf(request: EmailRequest, leavesAt: Instant | undefined): unknown {
  const { from, to, subject, html, text, tag } = request;
  const { replyTo, others } = headersOf(request);
  const value = asciiTag(tag, 256);
  return {
    from: mailbox(from),
    to: [mailbox(to)],
    subject,
    html,
    text,
    ...(replyTo === undefined ? {} : { reply_to: replyTo }),
    ...(value === undefined ? {} : { tags: [{ name: 'tag', value }] }),
    ...(others.length === 0 ? {} : { headers: Object.fromEntries(others) }),
    ...(leavesAt === undefined ? {} : { scheduled_at: new Date(leavesAt).toISOString() })
  };
}

/** 'Cancel Email', `POST /emails/{id}/cancel`; where it refuses, 'Retrieve Email' says whether an earlier try had its effect. */
async function cancel(
  { apiKey, baseUrl }: { apiKey: string | null; baseUrl: string },
  messageId: string,
  fetch: Fetch
): Promise<CancelResult> {
  const address = `${baseOf(baseUrl)}/emails/${encodeURIComponent(messageId)}`;
  const headers = { authorization: `Bearer ${apiKey ?? ''}`, 'content-type': 'application/json' };
  const answer = await exchange(fetch, `${address}/cancel`, { method: 'POST', headers });
  if (!answer.ok) return { status: 'unknown', reason: answer.reason };
  const result = cancelOf(RESEND, answer.value, errorOf(answer.value.json).message);
  if (result.status !== 'late') return result;
  const state = await exchange(fetch, address, { headers });
  const last = state.ok ? textOf(propertiesOf(state.value.json).last_event) : undefined;
  if (last === undefined) return { status: 'unknown', reason: result.reason };
  return last === 'canceled' ? { status: 'cancelled' } : result;
}

function resultOf(answer: Exchange): SendResult {
  const { status, json } = answer;
  if (status >= 200 && status < 300) {
    const id = textOf(propertiesOf(json).id);
    return id === undefined ? notTheApi(RESEND) : { status: 'accepted', messageId: id };
  }
  const { name, message } = errorOf(json);
  const reason = saidBy(RESEND, status, message);
  const quota = quotaUsedUp(RESEND, status, message);
  if (name === 'daily_quota_exceeded') return { status: 'retry', scope: 'account', after: HOUR, reason: quota };
  if (name === 'monthly_quota_exceeded') return { status: 'rejected', scope: 'account', reason: quota };
  // The same message is being taken right now.
  if (name === 'concurrent_idempotent_requests') return { status: 'retry', scope: 'recipient', after: null, reason };
  // Another content has gone out under this key: whether it is this message is for the user to see.
  if (name === 'invalid_idempotent_request') return { status: 'unknown', reason };
  // Resend answers 403 for a domain that is not verified, too, and says so.
  if (status === 403 && name === 'validation_error' && !isWrongKey(message))
    return { status: 'rejected', scope: 'account', reason: senderRefused(RESEND, status, message) };
  if (isWrongKey(message))
    return {
      status: 'rejected',
      scope: 'account',
      reason: words('words.provider.key_refused', { provider: RESEND })
    };
  const common = commonResult(RESEND, answer);
  if (common) return common;
  const ofAccount = name === 'invalid_from_address' || /`from`|domain/i.test(message ?? '');
  return ofAccount
    ? { status: 'rejected', scope: 'account', reason: senderRefused(RESEND, status, message) }
    : { status: 'rejected', scope: 'recipient', reason };
}

/** `data` has the ids of those that were taken, `errors` the place of each other one. Null where the answer is not of that kind. */
function resultsOf({ status, json }: Exchange, count: number): SendResult[] | null {
  const { data, errors } = propertiesOf(json);
  if (status < 200 || status >= 300 || !Array.isArray(data)) return null;
  const refused = new Map(objectsOf(errors).map(({ index, message }) => [index, textOf(message)]));
  const ids = objectsOf(data).map(({ id }) => textOf(id));
  if (ids.includes(undefined) || ids.length + refused.size !== count) return null;
  return Array.from({ length: count }, (_, at): SendResult => {
    const messageId = refused.has(at) ? undefined : ids.shift();
    return messageId === undefined
      ? { status: 'rejected', scope: 'recipient', reason: saidBy(RESEND, 422, refused.get(at)) }
      : { status: 'accepted', messageId };
  });
}

function isWrongKey(message: string | undefined): boolean {
  return /^API key is invalid/i.test(message ?? '');
}

function errorOf(json: unknown): { name?: string | undefined; message?: string | undefined } {
  const { name, message } = propertiesOf(json);
  return { name: textOf(name), message: textOf(message) };
}
