import { AwsV4Signer } from 'aws4fetch';
import { defineProvider, type SendResult } from '$lib/core/providers';
import type { Fetch } from '$lib/core/fetch';
import { secret, text, url } from '$lib/core/fields';
import { HOUR, type Instant } from '$lib/core/instants';
import { failed, ok, type Result } from '$lib/core/result';
import type { EmailRequest } from '$lib/core/rows/messages';
import { words } from '$lib/core/words';
import { asciiTag, encodedMailbox, headersOf } from '../email-parts';
import {
  baseOf,
  commonResult,
  exchange,
  notTheApi,
  propertiesOf,
  quotaUsedUp,
  saidBy,
  senderRefused,
  textOf,
  type Exchange
} from '../exchange';
import { noCredit, sendingOff, troubleOf } from '../trying';

const SES = 'Amazon SES';

/** Errors of the key ('Common Error Types'). What AWS says to them may repeat the call, so that it is not said again. */
const KEY_ERRORS =
  /^(InvalidClientTokenId|SignatureDoesNotMatch|InvalidSignature|UnrecognizedClient|IncompleteSignature|MissingAuthenticationToken)/;

/** Errors of the account or of the sender ('SendEmail', Errors). */
const ACCOUNT_ERRORS = /^(AccountSuspended|SendingPaused|AccessDenied|OptInRequired|NotFound|RequestExpired)/;

/**
 * Amazon's 'SES API v2', `SendEmail`, `POST /v2/email/outbound-emails`, signed (Signature Version 4). The kind of an error comes in
 * the header `x-amzn-errortype` or in the body. There is no idempotency key.
 */
export default defineProvider({
  id: 'email.ses',
  channel: 'email',
  name: SES,
  fields: {
    region: text({ required: true, max: 32, initial: 'eu-west-3' }),
    accessKeyId: text({ required: true, max: 128 }),
    secretAccessKey: secret({ required: true }),
    baseUrl: url()
  },
  idempotencyWindow: null,
  concurrency: 4,
  documentation: 'https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_SendEmail.html',
  send: async ({ fields, request, fetch, now }): Promise<SendResult> => {
    const body = JSON.stringify(bodyOf(request));
    const answer = await call(fields, { method: 'POST', path: 'outbound-emails', body }, fetch, now);
    return answer.ok ? resultOf(answer.value) : { status: 'unknown', reason: answer.reason };
  },
  // 'GetAccount', which says whether sending is on, too.
  test: async ({ fields, fetch }) => {
    const answer = await call(fields, { method: 'GET', path: 'account' }, fetch, null);
    if (!answer.ok) return answer;
    const { kind, message } = errorOf(answer.value);
    if (KEY_ERRORS.test(kind)) return failed(words('words.provider.key_refused', { provider: SES }));
    // A key that is known and may not ask may yet be let send, or not: what AWS says names the right that it lacks.
    if (kind.startsWith('AccessDenied')) return failed(saidBy(SES, answer.value.status, message));
    const trouble = troubleOf(SES, answer.value, message);
    if (trouble) return failed(trouble);
    const { SendingEnabled: isOn, ProductionAccessEnabled: isFull, SendQuota } = propertiesOf(answer.value.json);
    if (typeof isOn !== 'boolean') return failed(words('words.provider.not_the_api', { provider: SES }));
    if (!isOn) return failed(sendingOff(SES));
    const { Max24HourSend: most, SentLast24Hours: sent } = propertiesOf(SendQuota);
    // -1: as many as one likes.
    if (typeof most === 'number' && typeof sent === 'number' && most >= 0 && sent >= most) return failed(noCredit(SES));
    return ok(words(`words.provider.${isFull === false ? 'on_trial' : 'accepts_key'}`, { provider: SES }));
  }
});

interface Account {
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string | null;
  readonly baseUrl: string;
}

/** Makes a signed call. `now` null: the signature takes the computer's own time. */
async function call(
  { region: typed, accessKeyId, secretAccessKey, baseUrl }: Account,
  { method, path, body }: { method: string; path: string; body?: string },
  fetch: Fetch,
  now: Instant | null
): Promise<Result<Exchange>> {
  const region = typed.trim();
  const base = baseUrl === '' ? `https://email.${region}.amazonaws.com` : baseOf(baseUrl);
  const address = `${base}/v2/email/${path}`;
  const content = body === undefined ? {} : { body };
  const { headers } = await new AwsV4Signer({
    method,
    url: address,
    headers: { 'content-type': 'application/json' },
    ...content,
    accessKeyId: accessKeyId.trim(),
    secretAccessKey: secretAccessKey ?? '',
    service: 'ses',
    region,
    ...(now === null ? {} : { datetime: new Date(now).toISOString().replace(/[:-]|\.\d{3}/g, '') })
  }).sign();
  return exchange(fetch, address, { method, headers: Object.fromEntries(headers), ...content });
}

function bodyOf(request: EmailRequest): unknown {
  const { from, to, subject, html = '', text: plain = '', tag } = request;
  const { replyTo, others } = headersOf(request);
  const Value = asciiTag(tag, 256);
  const content = (Data: string): object => ({ Data, Charset: 'UTF-8' });
  return {
    FromEmailAddress: encodedMailbox(from),
    Destination: { ToAddresses: [encodedMailbox(to)] },
    ...(replyTo === undefined ? {} : { ReplyToAddresses: [replyTo] }),
    Content: {
      Simple: {
        Subject: content(subject),
        Body: {
          ...(plain === '' ? {} : { Text: content(plain) }),
          ...(html === '' ? {} : { Html: content(html) })
        },
        ...(others.length === 0 ? {} : { Headers: others.map(([Name, Data]) => ({ Name, Value: Data })) })
      }
    },
    ...(Value === undefined ? {} : { EmailTags: [{ Name: 'tag', Value }] })
  };
}

function resultOf(answer: Exchange): SendResult {
  const { status, json } = answer;
  if (status >= 200 && status < 300) {
    const id = textOf(propertiesOf(json).MessageId);
    return id === undefined ? notTheApi(SES) : { status: 'accepted', messageId: id };
  }
  const { kind, message } = errorOf(answer);
  const reason = saidBy(SES, status, message);
  if (KEY_ERRORS.test(kind))
    return { status: 'rejected', scope: 'account', reason: words('words.provider.key_refused', { provider: SES }) };
  if (/^(TooManyRequests|Throttling|LimitExceeded)/.test(kind)) {
    // The day's quota comes back little by little over 24 hours.
    const isQuota = kind.startsWith('LimitExceeded') || /daily/i.test(message ?? '');
    return isQuota
      ? { status: 'retry', scope: 'account', after: HOUR, reason: quotaUsedUp(SES, status, message) }
      : { status: 'retry', scope: 'account', after: null, reason: words('words.provider.too_fast', { provider: SES }) };
  }
  if (kind.startsWith('MailFromDomainNotVerified'))
    return { status: 'rejected', scope: 'account', reason: senderRefused(SES, status, message) };
  if (ACCOUNT_ERRORS.test(kind)) return { status: 'rejected', scope: 'account', reason };
  const common = commonResult(SES, answer);
  if (common) return common;
  // An identity that is not verified is the sender's; in the sandbox of SES it may be the reader's.
  return kind.startsWith('MessageRejected') && /not verified/i.test(message ?? '')
    ? { status: 'rejected', scope: 'account', reason: senderRefused(SES, status, message) }
    : { status: 'rejected', scope: 'recipient', reason };
}

/** The kind without `Exception` or what follows it, and what is said. */
function errorOf({ json, header }: Exchange): { kind: string; message?: string | undefined } {
  const { __type: type, message, Message } = propertiesOf(json);
  const kind = header('x-amzn-errortype') ?? textOf(type) ?? '';
  return { kind: kind.replace(/^.*#/, '').replace(/:.*$/, ''), message: textOf(message) ?? textOf(Message) };
}
