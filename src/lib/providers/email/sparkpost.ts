import { defineProvider, type SendResult } from '$lib/core/providers';
import { secret, url } from '$lib/core/fields';
import { HOUR } from '$lib/core/instants';
import type { EmailRequest } from '$lib/core/rows/messages';
import { headersOf, person } from '../email-parts';
import { baseOf, commonResult, exchange, notTheApi, objectsOf, propertiesOf, quotaUsedUp, saidBy, senderRefused, textOf, type Exchange } from '../exchange'; // prettier-ignore
import { noCredit, sendingOff, tryKey } from '../trying';

const SPARKPOST = 'SparkPost';

/**
 * SparkPost's 'Create a Transmission', `POST /api/v1/transmissions`; accounts of the EU have an address of their own. It counts the
 * readers that it accepted: a 200 with none is a refusal. 420 says that the sending limit is reached. There is no idempotency key.
 */
export default defineProvider({
  id: 'email.sparkpost',
  channel: 'email',
  name: SPARKPOST,
  fields: {
    apiKey: secret({ required: true }),
    baseUrl: url({ required: true, initial: 'https://api.sparkpost.com' })
  },
  idempotencyWindow: null,
  concurrency: 6,
  refusesBrowsers: true,
  documentation: 'https://developers.sparkpost.com/api/transmissions/',
  send: async ({ fields, request, fetch }): Promise<SendResult> => {
    const answer = await exchange(fetch, `${baseOf(fields.baseUrl)}/api/v1/transmissions`, {
      method: 'POST',
      headers: { authorization: fields.apiKey ?? '', 'content-type': 'application/json' },
      body: JSON.stringify(bodyOf(request))
    });
    return answer.ok ? resultOf(answer.value) : { status: 'unknown', reason: answer.reason };
  },
  // 'Retrieve account information'.
  test: ({ fields, fetch }) =>
    tryKey({
      provider: SPARKPOST,
      url: `${baseOf(fields.baseUrl)}/api/v1/account?include=usage`,
      headers: { authorization: fields.apiKey ?? '' },
      fetch,
      said: ({ json }) => errorOf(json),
      account: (json) => {
        const { results } = propertiesOf(json);
        if (results === undefined) return undefined;
        const { company_name: name, status, usage } = propertiesOf(results);
        if (textOf(status) !== undefined && status !== 'active') return sendingOff(SPARKPOST);
        const isUp = Object.values(propertiesOf(usage)).map(propertiesOf).some(isFull);
        return isUp ? noCredit(SPARKPOST) : (textOf(name) ?? '');
      },
      // A key may well be for sending alone.
      isKnown: ({ status }) => status === 403
    })
});

function bodyOf(request: EmailRequest): unknown {
  const { kind, from, to, subject, html, text, tag } = request;
  const { replyTo, others } = headersOf(request);
  return {
    options: { transactional: kind === 'transactional' },
    recipients: [{ address: person(to, 'email', 'name'), ...(tag === undefined ? {} : { tags: [tag] }) }],
    content: {
      from: person(from, 'email', 'name'),
      subject,
      html,
      text,
      ...(replyTo === undefined ? {} : { reply_to: replyTo }),
      ...(others.length === 0 ? {} : { headers: Object.fromEntries(others) })
    }
  };
}

function resultOf(answer: Exchange): SendResult {
  const { status, json } = answer;
  const said = errorOf(json);
  const reason = saidBy(SPARKPOST, status, said);
  if (status >= 200 && status < 300) {
    const { id, total_accepted_recipients: taken } = propertiesOf(propertiesOf(json).results);
    if (taken === 0) return { status: 'rejected', scope: 'recipient', reason };
    const messageId = typeof id === 'number' ? String(id) : textOf(id);
    return messageId === undefined ? notTheApi(SPARKPOST) : { status: 'accepted', messageId };
  }
  if (status === 420)
    return { status: 'retry', scope: 'account', after: HOUR, reason: quotaUsedUp(SPARKPOST, status, said) };
  // Said of a key without the right, and of an account that may not send.
  if (status === 403 && said !== undefined) return { status: 'rejected', scope: 'account', reason };
  const common = commonResult(SPARKPOST, answer);
  if (common) return common;
  if (/domain|\bfrom\b/i.test(said ?? ''))
    return { status: 'rejected', scope: 'account', reason: senderRefused(SPARKPOST, status, said) };
  return { status: 'rejected', scope: /suspended/i.test(said ?? '') ? 'account' : 'recipient', reason };
}

/** `{ errors: [{ message, description, code }] }` */
function errorOf(json: unknown): string | undefined {
  const [first] = objectsOf(propertiesOf(json).errors);
  const texts = [textOf(first?.message), textOf(first?.description)].filter((text) => text !== undefined);
  return texts.length === 0 ? undefined : texts.join(': ');
}

/** Of a day or a month: `{ used, limit }`. */
function isFull({ used, limit }: Readonly<Record<string, unknown>>): boolean {
  return typeof used === 'number' && typeof limit === 'number' && limit > 0 && used >= limit;
}
