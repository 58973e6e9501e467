import { v5 as nameToUuid } from 'uuid';
import { defineProvider, type SendResult } from '$lib/core/definitions';
import type { Fetch } from '$lib/core/fetch';
import { secret, url } from '$lib/core/fields';
import { MINUTE } from '$lib/core/instants';
import type { EmailRequest } from '$lib/core/rows/messages';
import { words } from '$lib/core/words';
import { brevoMessage, testBrevo } from '../brevo-account';
import { baseOf, commonResult, exchange, saidBy, secondsToMs, type Exchange } from '../exchange';

const BREVO = 'Brevo';

/** The namespace of the UUIDs that our keys become. */
const KEYS = '6ba7b811-9dad-11d1-80b4-00c04fd430c8';

/**
 * Brevo's transactional email, `POST /v3/smtp/email`. A key (`headers.idempotencyKey`, a UUID) is remembered for 30 minutes by
 * its guide and for 15 by its changelog: the shorter one is counted on. A key used again is refused as `duplicate_parameter`,
 * which says that the message was taken, but not as which: its id is then looked up in the event report.
 */
export default defineProvider({
  id: 'email.brevo',
  channel: 'email',
  name: BREVO,
  fields: { apiKey: secret({ required: true }), baseUrl: url({ required: true, initial: 'https://api.brevo.com' }) },
  idempotencyWindow: 15 * MINUTE,
  concurrency: 6,
  documentation: 'https://developers.brevo.com/reference/sendtransacemail',
  send: async ({ fields, request, key, fetch }): Promise<SendResult> => {
    const answer = await exchange(fetch, `${baseOf(fields.baseUrl)}/v3/smtp/email`, {
      method: 'POST',
      headers: { 'api-key': fields.apiKey ?? '', 'content-type': 'application/json', accept: 'application/json' },
      body: JSON.stringify(bodyOf(request, key))
    });
    if (!answer.ok) return { status: 'unknown', reason: answer.reason };
    return isDuplicate(answer.value) ? alreadyTaken(fields, request, fetch) : resultOf(answer.value);
  },
  test: ({ fields, fetch }) => testBrevo(fields, fetch)
});

function bodyOf({ from, to, subject, html, text, tag, headers }: EmailRequest, key: string): unknown {
  return {
    sender: from,
    to: [to],
    subject,
    htmlContent: html,
    ...(text === undefined || text === '' ? {} : { textContent: text }),
    ...(tag === undefined ? {} : { tags: [tag] }),
    headers: { ...headers, idempotencyKey: nameToUuid(key, KEYS) }
  };
}

function resultOf(answer: Exchange): SendResult {
  const { status, json, header } = answer;
  if (status === 201 || status === 200 || status === 202) {
    const id = (json as { messageId?: unknown } | undefined)?.messageId;
    if (typeof id === 'string') return { status: 'accepted', messageId: id };
    return { status: 'unknown', reason: words('words.provider.not_the_api', { provider: BREVO }) };
  }
  if (status === 429) {
    const after = secondsToMs(header('x-sib-ratelimit-reset')) ?? secondsToMs(header('retry-after'));
    return { status: 'retry', scope: 'account', after, reason: words('words.provider.too_fast', { provider: BREVO }) };
  }
  const said = brevoMessage(json);
  if (status === 402) return { status: 'rejected', scope: 'account', reason: saidBy(BREVO, status, said) };
  const common = commonResult(BREVO, answer);
  if (common) return common;
  // A sender that is not validated concerns every message of the account, a bad address this one alone.
  const ofAccount = status === 400 && /sender/i.test(said ?? '') && !/recipient/i.test(said ?? '');
  return { status: 'rejected', scope: ofAccount ? 'account' : 'recipient', reason: saidBy(BREVO, status, said) };
}

function isDuplicate({ status, json }: Exchange): boolean {
  return status === 400 && (json as { code?: unknown } | undefined)?.code === 'duplicate_parameter';
}

/** The newest message to that reader under that subject, from the event report; without an id where it is not in there yet. */
async function alreadyTaken(
  { apiKey, baseUrl }: { apiKey: string | null; baseUrl: string },
  { to, subject }: EmailRequest,
  fetch: Fetch
): Promise<SendResult> {
  const query = new URLSearchParams({ email: to.email, event: 'requests', days: '1', limit: '50', sort: 'desc' });
  const answer = await exchange(fetch, `${baseOf(baseUrl)}/v3/smtp/statistics/events?${query.toString()}`, {
    headers: { 'api-key': apiKey ?? '', accept: 'application/json' }
  });
  const { events = [] } =
    ((answer.ok ? answer.value.json : undefined) as
      { events?: { subject?: string; messageId: string }[] } | undefined) ?? {};
  const found = events.find((event) => event.subject === subject);
  return found ? { status: 'accepted', messageId: found.messageId } : { status: 'accepted' };
}
