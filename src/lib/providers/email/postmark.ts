import { defineProvider, type SendResult } from '$lib/core/providers';
import { secret, text, url } from '$lib/core/fields';
import type { EmailRequest } from '$lib/core/rows/messages';
import { words } from '$lib/core/words';
import { headersOf, mailbox } from '../email-parts';
import { baseOf, commonResult, exchange, notTheApi, propertiesOf, quotaUsedUp, saidBy, senderRefused, textOf, type Exchange } from '../exchange'; // prettier-ignore
import { tryKey } from '../trying';

const POSTMARK = 'Postmark';

/** Errors of this message alone: an invalid request or an inactive recipient ('API error codes'). All others concern the account. */
const RECIPIENT_CODES: ReadonlySet<number> = new Set([300, 406]);

/** The sender signature was not found, or is not confirmed. */
const SENDER_CODES: ReadonlySet<number> = new Set([400, 401]);

/** 'Not allowed to send'. */
const OUT_OF_CREDITS = 405;

/**
 * Postmark's 'Send a single email', `POST /email`. What went wrong is an `ErrorCode`, in a 422 or even in a 200 ('API error
 * codes'). There is no idempotency key. Marketing has to leave through a stream of its own, for broadcasts ('Message Streams').
 */
export default defineProvider({
  id: 'email.postmark',
  channel: 'email',
  name: POSTMARK,
  fields: {
    serverToken: secret({ required: true }),
    transactionalStream: text({ required: true, max: 64, initial: 'outbound' }),
    broadcastStream: text({ required: true, max: 64, initial: 'broadcast' }),
    baseUrl: url({ required: true, initial: 'https://api.postmarkapp.com' })
  },
  idempotencyWindow: null,
  concurrency: 6,
  refusesBrowsers: true,
  documentation: 'https://postmarkapp.com/developer/api/email-api',
  send: async ({ fields, request, fetch }): Promise<SendResult> => {
    const stream = request.kind === 'marketing' ? fields.broadcastStream : fields.transactionalStream;
    const answer = await exchange(fetch, `${baseOf(fields.baseUrl)}/email`, {
      method: 'POST',
      headers: { ...authorization(fields.serverToken), 'content-type': 'application/json' },
      body: JSON.stringify(bodyOf(request, stream.trim()))
    });
    return answer.ok ? resultOf(answer.value) : { status: 'unknown', reason: answer.reason };
  },
  // 'Get the server': the one whose token it is.
  test: ({ fields, fetch }) =>
    tryKey({
      provider: POSTMARK,
      url: `${baseOf(fields.baseUrl)}/server`,
      headers: authorization(fields.serverToken),
      fetch,
      said: ({ json }) => errorOf(json).message,
      account: (json) => {
        const { Name, DeliveryType } = propertiesOf(json);
        // Such a server takes everything and delivers nothing.
        return DeliveryType === 'Sandbox' ? words('words.provider.test_server', { provider: POSTMARK }) : textOf(Name);
      }
    })
});

function authorization(serverToken: string | null): Record<string, string> {
  return { 'x-postmark-server-token': serverToken ?? '', accept: 'application/json' };
}

function bodyOf(request: EmailRequest, stream: string): unknown {
  const { from, to, subject, html, text: plain, tag } = request;
  const { replyTo, others } = headersOf(request);
  return {
    From: mailbox(from),
    To: mailbox(to),
    Subject: subject,
    HtmlBody: html,
    TextBody: plain,
    ...(replyTo === undefined ? {} : { ReplyTo: replyTo }),
    ...(tag === undefined ? {} : { Tag: tag.slice(0, 1_000) }),
    ...(others.length === 0 ? {} : { Headers: others.map(([Name, Value]) => ({ Name, Value })) }),
    MessageStream: stream
  };
}

function resultOf(answer: Exchange): SendResult {
  const { status, json } = answer;
  const { code, message } = errorOf(json);
  if (code === undefined || code === 0) {
    const id = textOf(propertiesOf(json).MessageID);
    if (status >= 200 && status < 300)
      return code === 0 && id !== undefined ? { status: 'accepted', messageId: id } : notTheApi(POSTMARK);
    return (
      commonResult(POSTMARK, answer) ?? {
        status: 'rejected',
        scope: 'recipient',
        reason: saidBy(POSTMARK, status, message)
      }
    );
  }
  // Maintenance, and too many requests.
  if (code === 100 || code === 429)
    return {
      status: 'retry',
      scope: 'account',
      after: null,
      reason: words(`words.provider.${code === 100 ? 'down' : 'too_fast'}`, { provider: POSTMARK })
    };
  if (code === 10)
    return {
      status: 'rejected',
      scope: 'account',
      reason: words('words.provider.key_refused', { provider: POSTMARK })
    };
  const common = commonResult(POSTMARK, answer);
  if (common) return common;
  if (SENDER_CODES.has(code) || (code === 300 && /'From'/.test(message ?? '')))
    return { status: 'rejected', scope: 'account', reason: senderRefused(POSTMARK, status, message) };
  if (code === OUT_OF_CREDITS)
    return { status: 'rejected', scope: 'account', reason: quotaUsedUp(POSTMARK, status, message) };
  return {
    status: 'rejected',
    scope: RECIPIENT_CODES.has(code) ? 'recipient' : 'account',
    reason: saidBy(POSTMARK, status, message)
  };
}

function errorOf(json: unknown): { code?: number; message?: string | undefined } {
  const { ErrorCode, Message } = propertiesOf(json);
  return { ...(typeof ErrorCode === 'number' ? { code: ErrorCode } : {}), message: textOf(Message) };
}
