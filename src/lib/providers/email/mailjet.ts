import { defineProvider, type SendResult } from '$lib/core/providers';
import { secret, text, url } from '$lib/core/fields';
import type { EmailRequest } from '$lib/core/rows/messages';
import { words } from '$lib/core/words';
import { headersOf, person } from '../email-parts';
import { baseOf, basicAuthorization, commonResult, exchange, notTheApi, objectsOf, propertiesOf, saidBy, senderRefused, textOf, type Exchange } from '../exchange'; // prettier-ignore
import { noSender, tryKey } from '../trying';

const MAILJET = 'Mailjet';

/**
 * Mailjet's 'Send API v3.1', `POST /v3.1/send`. Each message of the answer has a `Status` of its own: an error can stand in a 200.
 * `CustomID` is a label; it does not keep the same message from being sent twice.
 */
export default defineProvider({
  id: 'email.mailjet',
  channel: 'email',
  name: MAILJET,
  fields: {
    apiKey: text({ required: true, max: 64 }),
    secretKey: secret({ required: true }),
    baseUrl: url({ required: true, initial: 'https://api.mailjet.com' })
  },
  idempotencyWindow: null,
  concurrency: 4,
  refusesBrowsers: true,
  documentation: 'https://dev.mailjet.com/email/guides/send-api-v31/',
  send: async ({ fields, request, key, fetch }): Promise<SendResult> => {
    const answer = await exchange(fetch, `${baseOf(fields.baseUrl)}/v3.1/send`, {
      method: 'POST',
      headers: { authorization: authorization(fields), 'content-type': 'application/json' },
      body: JSON.stringify({ Messages: [messageOf(request, key)] })
    });
    return answer.ok ? resultOf(answer.value) : { status: 'unknown', reason: answer.reason };
  },
  // 'Retrieve all senders'.
  test: ({ fields, fetch }) =>
    tryKey({
      provider: MAILJET,
      url: `${baseOf(fields.baseUrl)}/v3/REST/sender?Limit=100`,
      headers: { authorization: authorization(fields) },
      fetch,
      said: ({ json }) => errorOf(json).message,
      account: (json) => {
        const { Data } = propertiesOf(json);
        if (!Array.isArray(Data)) return undefined;
        return objectsOf(Data).some(({ Status }) => Status === 'Active') ? '' : noSender(MAILJET);
      }
    })
});

function authorization({ apiKey, secretKey }: { apiKey: string; secretKey: string | null }): string {
  return basicAuthorization(apiKey.trim(), secretKey ?? '');
}

function messageOf(request: EmailRequest, key: string): unknown {
  const { from, to, subject, html, text: plain, tag } = request;
  const { replyTo, others } = headersOf(request);
  return {
    From: person(from, 'Email', 'Name'),
    To: [person(to, 'Email', 'Name')],
    Subject: subject,
    TextPart: plain,
    HTMLPart: html,
    CustomID: key,
    ...(tag === undefined ? {} : { CustomCampaign: tag }),
    ...(replyTo === undefined ? {} : { ReplyTo: { Email: replyTo } }),
    ...(others.length === 0 ? {} : { Headers: Object.fromEntries(others) })
  };
}

function resultOf(answer: Exchange): SendResult {
  const { status, json, text: body } = answer;
  const [message] = objectsOf(propertiesOf(json).Messages);
  const isSuccess = status >= 200 && status < 300;
  if (isSuccess && message?.Status === 'success') {
    // The number is too large for JSON's numbers in JavaScript: its digits are read from the text.
    const id = /"MessageID"\s*:\s*"?(\d+)/.exec(body)?.[1];
    return id === undefined ? notTheApi(MAILJET) : { status: 'accepted', messageId: id };
  }
  if (isSuccess && message?.Status !== 'error') return notTheApi(MAILJET);
  const { message: said, status: own, related } = errorOf(json);
  const isAccounts = related.some((place) => /^(From|Sender)/.test(place)) || /sender/i.test(said ?? '');
  const reason = saidBy(MAILJET, status, said);
  if (isAccounts && status < 500)
    return { status: 'rejected', scope: 'account', reason: senderRefused(MAILJET, status, said) };
  if (own === 429)
    return {
      status: 'retry',
      scope: 'account',
      after: null,
      reason: words('words.provider.too_fast', { provider: MAILJET })
    };
  const common = commonResult(MAILJET, answer);
  if (common) return common;
  return { status: 'rejected', scope: own === 401 || own === 403 ? 'account' : 'recipient', reason };
}

/** `{ ErrorMessage, StatusCode }`, or the same for one message: `{ Messages: [{ Errors: [{ ..., ErrorRelatedTo }] }] }`. */
function errorOf(json: unknown): { message?: string | undefined; status?: number; related: readonly string[] } {
  const whole = propertiesOf(json);
  const [message] = objectsOf(whole.Messages);
  const { ErrorMessage, StatusCode, ErrorRelatedTo } = objectsOf(message?.Errors)[0] ?? whole;
  return {
    message: textOf(ErrorMessage),
    ...(typeof StatusCode === 'number' ? { status: StatusCode } : {}),
    related: Array.isArray(ErrorRelatedTo) ? ErrorRelatedTo.map(String) : []
  };
}
