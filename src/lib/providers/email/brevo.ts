import { v5 as nameToUuid } from 'uuid';
import { defineProvider, type CancelResult, type SendResult } from '$lib/core/providers';
import type { Fetch } from '$lib/core/fetch';
import { secret, url } from '$lib/core/fields';
import { HOUR, MINUTE, type Instant } from '$lib/core/instants';
import type { EmailRequest } from '$lib/core/rows/messages';
import { words } from '$lib/core/words';
import { brevoMessage, brevoRefusal, testBrevo } from '../brevo-account';
import { alreadyTaken, lookUp } from '../brevo-report';
import { headersOf, person } from '../email-parts';
import {
  baseOf,
  cancelOf,
  commonResult,
  exchange,
  propertiesOf,
  quotaUsedUp,
  retryAfter,
  saidBy,
  secondsToMs,
  senderRefused,
  textOf,
  type Exchange
} from '../exchange';

const BREVO = 'Brevo';

/** The namespace of the UUIDs that our keys become. */
const KEYS = '6ba7b811-9dad-11d1-80b4-00c04fd430c8';

/**
 * Brevo's transactional email, `POST /v3/smtp/email`. A key (`headers.idempotencyKey`, a UUID) is remembered for 30 minutes by
 * its guide and for 15 by its changelog: the shorter one is counted on. A key used again is refused as `duplicate_parameter`,
 * which says that the message was taken, but not as which: its id is then looked up in the event report. `scheduledAt` is at most 72
 * hours ahead ('Schedule emails'); it is sent as a batch of its own, whose id follows from the key, so that it can be taken back even
 * where its answer was lost. No time is named until which that goes: five minutes are left for it. With `messageVersions` one call takes
 * up to 1,000 ('Batch send transactional emails') of one sender and with the same tags and headers; `messageIds` are in their order.
 */
export default defineProvider({
  id: 'email.brevo',
  channel: 'email',
  name: BREVO,
  fields: { apiKey: secret({ required: true }), baseUrl: url({ required: true, initial: 'https://api.brevo.com' }) },
  idempotencyWindow: 15 * MINUTE,
  concurrency: 6,
  documentation: 'https://developers.brevo.com/reference/sendtransacemail',
  ahead: {
    least: 15 * MINUTE,
    horizon: 71 * HOUR,
    cancelBefore: 5 * MINUTE,
    cancel: ({ fields, key, fetch }) => cancel(fields, key, fetch)
  },
  send: async ({ fields, request, key, fetch, leavesAt }): Promise<SendResult> => {
    const answer = await exchange(fetch, `${baseOf(fields.baseUrl)}/v3/smtp/email`, {
      method: 'POST',
      headers: { 'api-key': fields.apiKey ?? '', 'content-type': 'application/json', accept: 'application/json' },
      body: JSON.stringify(bodyOf(request, key, leavesAt))
    });
    if (!answer.ok) return { status: 'unknown', reason: answer.reason };
    if (!isDuplicate(answer.value)) return resultOf(answer.value);
    const [taken] = await alreadyTaken(fields, [request], fetch);
    return taken ?? { status: 'accepted' };
  },
  batches: {
    // A tenth of what it takes: where an answer is lost, so many are in doubt.
    most: 100,
    concurrency: 2,
    groupOf: ({ from, tag, headers }, hasOwnHeaders) =>
      hasOwnHeaders ? null : JSON.stringify([from.name, from.email, tag, headers]),
    send: async ({ fields, requests, key, fetch }) => {
      const answer = await exchange(fetch, `${baseOf(fields.baseUrl)}/v3/smtp/email`, {
        method: 'POST',
        headers: { 'api-key': fields.apiKey ?? '', 'content-type': 'application/json', accept: 'application/json' },
        body: JSON.stringify(batchBodyOf(requests, key))
      });
      if (!answer.ok) return { status: 'unknown', reason: answer.reason };
      if (isDuplicate(answer.value)) return alreadyTaken(fields, requests, fetch);
      return resultsOf(answer.value, requests.length) ?? resultOf(answer.value);
    }
  },
  lookUp: ({ fields, request, since, now, fetch }) => lookUp(fields, request, since, now, fetch),
  test: ({ fields, fetch }) => testBrevo(fields, 'email', fetch)
});

function bodyOf(request: EmailRequest, key: string, leavesAt: Instant | undefined): unknown {
  const { from, to, subject, html, text, tag } = request;
  const { replyTo, others } = headersOf(request);
  return {
    sender: person(from, 'email', 'name'),
    to: [person(to, 'email', 'name')],
    // Among the headers it would be left out: 'standard email headers are not supported' there.
    ...(replyTo === undefined ? {} : { replyTo: { email: replyTo } }),
    subject,
    htmlContent: html,
    ...(text === undefined || text === '' ? {} : { textContent: text }),
    ...(tag === undefined ? {} : { tags: [tag] }),
    headers: { ...Object.fromEntries(others), idempotencyKey: nameToUuid(key, KEYS) },
    ...(leavesAt === undefined ? {} : { scheduledAt: new Date(leavesAt).toISOString(), batchId: batchOf(key) })
  };
}

/** What is said for all versions holds where one says nothing else: a subject and a content have to be there. */
function batchBodyOf(requests: readonly EmailRequest[], key: string): unknown {
  const [first] = requests;
  if (first === undefined) return {};
  return {
    sender: person(first.from, 'email', 'name'),
    subject: first.subject,
    htmlContent: first.html,
    ...(first.tag === undefined ? {} : { tags: [first.tag] }),
    headers: { ...sharedHeaders(requests), idempotencyKey: nameToUuid(key, KEYS) },
    messageVersions: requests.map((request) => {
      const { to, subject, html, text } = request;
      const { replyTo } = headersOf(request);
      return {
        to: [person(to, 'email', 'name')],
        ...(replyTo === undefined ? {} : { replyTo: { email: replyTo } }),
        subject,
        htmlContent: html,
        ...(text === undefined || text === '' ? {} : { textContent: text })
      };
    })
  };
}

/** Those that are the same in all: whatever became of the others since they were put together, no reader gets another's. */
function sharedHeaders([first, ...rest]: readonly EmailRequest[]): Record<string, string> {
  const own = first === undefined ? [] : headersOf(first).others;
  return Object.fromEntries(own.filter(([name, value]) => rest.every(({ headers }) => headers?.[name] === value)));
}

/** Brevo takes UUIDs of version 4 alone as ids of batches: the digit that names the version is put in. */
function batchOf(key: string): string {
  const uuid = nameToUuid(key, KEYS);
  return `${uuid.slice(0, 14)}4${uuid.slice(15)}`;
}

/** 'Delete scheduled emails by batchId or messageId', `DELETE /v3/smtp/email/{identifier}`: what is gone already is not found. */
async function cancel(
  { apiKey, baseUrl }: { apiKey: string | null; baseUrl: string },
  key: string,
  fetch: Fetch
): Promise<CancelResult> {
  const answer = await exchange(fetch, `${baseOf(baseUrl)}/v3/smtp/email/${batchOf(key)}`, {
    method: 'DELETE',
    headers: { 'api-key': apiKey ?? '', accept: 'application/json' }
  });
  if (!answer.ok) return { status: 'unknown', reason: answer.reason };
  return cancelOf(BREVO, answer.value, brevoMessage(answer.value.json));
}

function resultOf(answer: Exchange): SendResult {
  const { status, json, header } = answer;
  if (status === 201 || status === 200 || status === 202) {
    const id = (json as { messageId?: unknown } | undefined)?.messageId;
    if (typeof id === 'string') return { status: 'accepted', messageId: id };
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
  // A sender that is not validated concerns every message of the account, a bad address this one alone.
  const ofAccount = status === 400 && /sender/i.test(said ?? '') && !/recipient/i.test(said ?? '');
  return ofAccount
    ? { status: 'rejected', scope: 'account', reason: senderRefused(BREVO, status, said) }
    : { status: 'rejected', scope: 'recipient', reason: saidBy(BREVO, status, said) };
}

/** Null where the answer does not name as many as were sent. */
function resultsOf({ status, json }: Exchange, count: number): SendResult[] | null {
  const { messageIds } = propertiesOf(json);
  if (status < 200 || status >= 300 || !Array.isArray(messageIds) || messageIds.length !== count) return null;
  const ids = messageIds.flatMap((id) => textOf(id) ?? []);
  return ids.length === count ? ids.map((messageId) => ({ status: 'accepted', messageId })) : null;
}

function isDuplicate({ status, json }: Exchange): boolean {
  return status === 400 && (json as { code?: unknown } | undefined)?.code === 'duplicate_parameter';
}
