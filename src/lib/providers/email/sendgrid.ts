import { defineProvider, type SendResult } from '$lib/core/providers';
import { secret, url, yesNo } from '$lib/core/fields';
import type { EmailRequest } from '$lib/core/rows/messages';
import { words } from '$lib/core/words';
import { headersOf, person } from '../email-parts';
import { baseOf, commonResult, exchange, notTheApi, objectsOf, propertiesOf, quotaUsedUp, saidBy, senderRefused, textOf, type Exchange } from '../exchange'; // prettier-ignore
import { tryKey } from '../trying';

const SENDGRID = 'SendGrid';

/**
 * SendGrid's 'Mail Send', `POST /v3/mail/send`; accounts of the EU have an address of their own. It answers 202 without a body, the
 * id in `x-message-id`, and refusals as `errors` with the field that is wrong. There is no idempotency key.
 */
export default defineProvider({
  id: 'email.sendgrid',
  channel: 'email',
  name: SENDGRID,
  fields: {
    apiKey: secret({ required: true }),
    baseUrl: url({ required: true, initial: 'https://api.sendgrid.com' }),
    /** The option 'additional email activity history' was bought: what readers do is read from there. */
    emailActivity: yesNo()
  },
  idempotencyWindow: null,
  concurrency: 6,
  refusesBrowsers: true,
  documentation: 'https://www.twilio.com/docs/sendgrid/api-reference/mail-send/mail-send',
  send: async ({ fields, request, fetch }): Promise<SendResult> => {
    const answer = await exchange(fetch, `${baseOf(fields.baseUrl)}/v3/mail/send`, {
      method: 'POST',
      headers: { authorization: `Bearer ${fields.apiKey ?? ''}`, 'content-type': 'application/json' },
      body: JSON.stringify(bodyOf(request))
    });
    return answer.ok ? resultOf(answer.value) : { status: 'unknown', reason: answer.reason };
  },
  // 'Retrieve a list of scopes for which this user has access'.
  test: ({ fields, fetch }) =>
    tryKey({
      provider: SENDGRID,
      url: `${baseOf(fields.baseUrl)}/v3/scopes`,
      headers: { authorization: `Bearer ${fields.apiKey ?? ''}` },
      fetch,
      said: ({ json }) => errorOf(json).message,
      account: (json) => {
        const { scopes } = propertiesOf(json);
        if (!Array.isArray(scopes)) return undefined;
        if (!scopes.includes('mail.send')) return words('words.provider.may_not_send', { provider: SENDGRID });
        const lacksActivity = fields.emailActivity && !scopes.includes('email_activity.read');
        return lacksActivity ? words('words.provider.no_email_activity', { provider: SENDGRID }) : '';
      }
    })
});

function bodyOf(request: EmailRequest): unknown {
  const { from, to, subject, html = '', text = '', tag } = request;
  const { replyTo, others } = headersOf(request);
  return {
    personalizations: [{ to: [person(to, 'email', 'name')] }],
    from: person(from, 'email', 'name'),
    ...(replyTo === undefined ? {} : { reply_to: { email: replyTo } }),
    subject,
    // Plain text comes first; an empty part is refused.
    content: [
      { type: 'text/plain', value: text },
      { type: 'text/html', value: html }
    ].filter(({ value }) => value !== ''),
    ...(others.length === 0 ? {} : { headers: Object.fromEntries(others) }),
    ...(tag === undefined ? {} : { categories: [tag.slice(0, 255)] })
  };
}

function resultOf(answer: Exchange): SendResult {
  const { status, json, header } = answer;
  if (status === 202) {
    const id = header('x-message-id');
    return id === null ? { status: 'accepted' } : { status: 'accepted', messageId: id };
  }
  if (status >= 200 && status < 300) return notTheApi(SENDGRID);
  const { message, field } = errorOf(json);
  const reason = saidBy(SENDGRID, status, message);
  // Two refusals that are no matter of the key: credits used up, and a sender that is not verified.
  if (status === 401 && /credits/i.test(message ?? ''))
    return { status: 'rejected', scope: 'account', reason: quotaUsedUp(SENDGRID, status, message) };
  if (status === 403 && /sender identity|\bfrom\b/i.test(message ?? ''))
    return { status: 'rejected', scope: 'account', reason: senderRefused(SENDGRID, status, message) };
  if (status === 403 && message !== undefined) return { status: 'rejected', scope: 'account', reason };
  const common = commonResult(SENDGRID, answer);
  if (common) return common;
  return field?.startsWith('from') === true
    ? { status: 'rejected', scope: 'account', reason: senderRefused(SENDGRID, status, message) }
    : { status: 'rejected', scope: 'recipient', reason };
}

/** `{ errors: [{ message, field, help }] }` */
function errorOf(json: unknown): { message?: string | undefined; field?: string | undefined } {
  const [first] = objectsOf(propertiesOf(json).errors);
  return { message: textOf(first?.message), field: textOf(first?.field) };
}
