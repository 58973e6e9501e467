import { defineProvider, type SendResult } from '$lib/core/providers';
import { secret, text, url } from '$lib/core/fields';
import type { EmailRequest } from '$lib/core/rows/messages';
import { words } from '$lib/core/words';
import { asciiTag, headersOf, mailbox } from '../email-parts';
import { baseOf, basicAuthorization, commonResult, exchange, notTheApi, propertiesOf, quotaUsedUp, saidBy, senderRefused, textOf, type Exchange } from '../exchange'; // prettier-ignore
import { sendingOff, tryKey } from '../trying';

const MAILGUN = 'Mailgun';

/**
 * Mailgun's 'Send an email', `POST /v3/{domain}/messages`, a form; domains of the EU have an address of their own. Only attachments
 * would need a form of several parts. A refused key is told in plain text. There is no idempotency key.
 */
export default defineProvider({
  id: 'email.mailgun',
  channel: 'email',
  name: MAILGUN,
  fields: {
    domain: text({ required: true, max: 253 }),
    apiKey: secret({ required: true }),
    baseUrl: url({ required: true, initial: 'https://api.mailgun.net' })
  },
  idempotencyWindow: null,
  concurrency: 6,
  refusesBrowsers: true,
  documentation: 'https://documentation.mailgun.com/docs/mailgun/api-reference/send/mailgun/messages',
  send: async ({ fields, request, fetch }): Promise<SendResult> => {
    const answer = await exchange(fetch, `${baseOf(fields.baseUrl)}/v3/${domainOf(fields)}/messages`, {
      method: 'POST',
      headers: {
        authorization: basicAuthorization('api', fields.apiKey ?? ''),
        'content-type': 'application/x-www-form-urlencoded'
      },
      body: formOf(request).toString()
    });
    return answer.ok ? resultOf(answer.value) : { status: 'unknown', reason: answer.reason };
  },
  // 'Get domain', which says whether the domain is that of the account, too.
  test: ({ fields, fetch }) =>
    tryKey({
      provider: MAILGUN,
      url: `${baseOf(fields.baseUrl)}/v4/domains/${domainOf(fields)}`,
      headers: { authorization: basicAuthorization('api', fields.apiKey ?? '') },
      fetch,
      said: saidIn,
      account: (json) => {
        const { name, state, is_disabled: isDisabled } = propertiesOf(propertiesOf(json).domain);
        const domain = textOf(name);
        if (domain === undefined) return undefined;
        if (isDisabled === true || state === 'disabled') return sendingOff(MAILGUN);
        return state === 'unverified'
          ? words('words.provider.domain_unverified', { provider: MAILGUN, domain })
          : domain;
      }
    })
});

function domainOf({ domain }: { domain: string }): string {
  return encodeURIComponent(domain.trim());
}

function formOf(request: EmailRequest): URLSearchParams {
  const { from, to, subject, html = '', text: plain = '', tag } = request;
  const { replyTo, others } = headersOf(request);
  const ascii = asciiTag(tag, 128);
  return new URLSearchParams([
    ['from', mailbox(from)],
    ['to', mailbox(to)],
    ['subject', subject],
    ['text', plain],
    ['html', html],
    ...(ascii === undefined ? [] : [['o:tag', ascii]]),
    ...(replyTo === undefined ? [] : [['h:Reply-To', replyTo]]),
    ...others.map(([name, value]) => [`h:${name}`, value])
  ]);
}

function resultOf(answer: Exchange): SendResult {
  const { status, json } = answer;
  if (status >= 200 && status < 300) {
    const id = textOf(propertiesOf(json).id);
    return id === undefined ? notTheApi(MAILGUN) : { status: 'accepted', messageId: id };
  }
  const said = saidIn(answer);
  const reason = saidBy(MAILGUN, status, said);
  // 403 is said of an account that is disabled, or of a domain that may not send yet, as well as of a key.
  if (status === 402) return { status: 'rejected', scope: 'account', reason: quotaUsedUp(MAILGUN, status, said) };
  if (status === 403 && propertiesOf(json).message !== undefined) {
    const refused = /limit|quota/i.test(said ?? '') ? quotaUsedUp : /domain/i.test(said ?? '') ? senderRefused : saidBy;
    return { status: 'rejected', scope: 'account', reason: refused(MAILGUN, status, said) };
  }
  const common = commonResult(MAILGUN, answer);
  if (common) return common;
  return status === 404 || /\bfrom\b|domain/i.test(said ?? '')
    ? { status: 'rejected', scope: 'account', reason: senderRefused(MAILGUN, status, said) }
    : { status: 'rejected', scope: 'recipient', reason };
}

/** `{ message }`, or plain text. */
function saidIn({ json, text: plain }: Exchange): string | undefined {
  return textOf(propertiesOf(json).message) ?? (json === undefined && !plain.startsWith('<') ? plain : undefined);
}
