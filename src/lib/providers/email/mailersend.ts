import { defineProvider, type SendResult } from '$lib/core/providers';
import { secret, url } from '$lib/core/fields';
import type { EmailRequest } from '$lib/core/rows/messages';
import { headersOf, person } from '../email-parts';
import { baseOf, commonResult, exchange, notTheApi, objectsOf, propertiesOf, quotaUsedUp, saidBy, senderRefused, textOf, type Exchange } from '../exchange'; // prettier-ignore
import { noSender, tryKey } from '../trying';

const MAILERSEND = 'MailerSend';

/**
 * MailerSend's 'Send an email', `POST /v1/email`. It answers 202 without a body, the id in `x-message-id`, or with `warnings`, among
 * them that the reader is on the suppression list: nothing is sent. There is no idempotency key.
 */
export default defineProvider({
  id: 'email.mailersend',
  channel: 'email',
  name: MAILERSEND,
  fields: {
    apiToken: secret({ required: true }),
    baseUrl: url({ required: true, initial: 'https://api.mailersend.com' })
  },
  idempotencyWindow: null,
  concurrency: 2,
  documentation: 'https://developers.mailersend.com/api/v1/email.html',
  send: async ({ fields, request, fetch }): Promise<SendResult> => {
    const answer = await exchange(fetch, `${baseOf(fields.baseUrl)}/v1/email`, {
      method: 'POST',
      headers: { ...authorization(fields.apiToken), 'content-type': 'application/json' },
      body: JSON.stringify(bodyOf(request))
    });
    return answer.ok ? resultOf(answer.value) : { status: 'unknown', reason: answer.reason };
  },
  // 'Get a list of domains', of which 100 is the most that can be asked for.
  test: ({ fields, fetch }) =>
    tryKey({
      provider: MAILERSEND,
      url: `${baseOf(fields.baseUrl)}/v1/domains?limit=100`,
      headers: authorization(fields.apiToken),
      fetch,
      said: ({ json }) => textOf(propertiesOf(json).message),
      account: (json) => {
        const { data } = propertiesOf(json);
        if (!Array.isArray(data)) return undefined;
        return objectsOf(data).some(({ is_verified: isVerified }) => isVerified === true) ? '' : noSender(MAILERSEND);
      }
    })
});

function authorization(apiToken: string | null): Record<string, string> {
  return { authorization: `Bearer ${apiToken ?? ''}`, accept: 'application/json' };
}

function bodyOf(request: EmailRequest): unknown {
  const { kind, from, to, subject, html, text, tag } = request;
  const { replyTo, others } = headersOf(request);
  const unsubscribe = others
    .find(([name]) => name.toLowerCase() === 'list-unsubscribe')?.[1]
    // 'Accepts a single value that complies with RFC 8058': the first is the one that we would rather have used.
    .split(', ')[0];
  // It sets these by itself, with the parameter.
  const rest = others.filter(([name]) => !/^list-unsubscribe/i.test(name));
  return {
    from: person(from, 'email', 'name'),
    // A reader's name may not hold the signs that part readers.
    to: [person({ ...to, name: to.name?.replace(/[;,]+/g, ' ') }, 'email', 'name')],
    ...(replyTo === undefined ? {} : { reply_to: { email: replyTo } }),
    subject,
    text,
    html,
    ...(tag === undefined ? {} : { tags: [tag] }),
    ...(kind === 'marketing' ? { precedence_bulk: true } : {}),
    ...(unsubscribe === undefined ? {} : { list_unsubscribe: unsubscribe }),
    ...(rest.length === 0 ? {} : { headers: rest.map(([name, value]) => ({ name, value })) })
  };
}

function resultOf(answer: Exchange): SendResult {
  const { status, json, text, header } = answer;
  const { said, fields } = errorOf(json);
  const reason = saidBy(MAILERSEND, status, said);
  const warnings = objectsOf(propertiesOf(json).warnings);
  if (warnings.some(({ type }) => type === 'ALL_SUPPRESSED' || type === 'SOME_SUPPRESSED'))
    return {
      status: 'rejected',
      scope: 'recipient',
      reason: saidBy(MAILERSEND, status, textOf(warnings[0]?.warning) ?? said)
    };
  if (status === 202) {
    const id = header('x-message-id');
    if (id !== null) return { status: 'accepted', messageId: id };
    return text === '' || warnings.length > 0 ? { status: 'accepted' } : notTheApi(MAILERSEND);
  }
  if (status >= 200 && status < 300) return notTheApi(MAILERSEND);
  if (status === 403 && said !== undefined) return { status: 'rejected', scope: 'account', reason };
  const common = commonResult(MAILERSEND, answer);
  if (common) return common;
  // Codes such as #MS42207 follow the text: an unverified domain, a limit of a trial account ...
  if (fields.some((field) => field.startsWith('from')) || /domain/i.test(said ?? ''))
    return { status: 'rejected', scope: 'account', reason: senderRefused(MAILERSEND, status, said) };
  if (status === 402 || /quota/i.test(said ?? ''))
    return { status: 'rejected', scope: 'account', reason: quotaUsedUp(MAILERSEND, status, said) };
  return { status: 'rejected', scope: /account|plan/i.test(said ?? '') ? 'account' : 'recipient', reason };
}

/** `{ message, errors: { "from.email": ["..."] } }` */
function errorOf(json: unknown): { said?: string | undefined; fields: readonly string[] } {
  const { message, errors } = propertiesOf(json);
  const byField = propertiesOf(errors);
  const first = Object.values(byField)[0];
  return {
    said: (Array.isArray(first) ? textOf(first[0]) : undefined) ?? textOf(message),
    fields: Object.keys(byField)
  };
}
