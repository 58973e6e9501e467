import { defineProvider, type SendResult } from '$lib/core/providers';
import { secret, url } from '$lib/core/fields';
import { HOUR } from '$lib/core/instants';
import type { EmailRequest } from '$lib/core/rows/messages';
import { headersOf, person } from '../email-parts';
import { baseOf, commonResult, exchange, notTheApi, objectsOf, propertiesOf, saidBy, textOf, tryKey, type Exchange } from '../exchange'; // prettier-ignore

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
      url: `${baseOf(fields.baseUrl)}/api/v1/account`,
      headers: { authorization: fields.apiKey ?? '' },
      fetch,
      said: ({ json }) => errorOf(json),
      account: (json) => {
        const { results } = propertiesOf(json);
        return results === undefined ? undefined : (textOf(propertiesOf(results).company_name) ?? '');
      }
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
  if (status === 420) return { status: 'retry', scope: 'account', after: HOUR, reason };
  // Said of a key without the right, and of an account that may not send.
  if (status === 403 && said !== undefined) return { status: 'rejected', scope: 'account', reason };
  const common = commonResult(SPARKPOST, answer);
  if (common) return common;
  const ofAccount = /domain|\bfrom\b|suspended/i.test(said ?? '');
  return { status: 'rejected', scope: ofAccount ? 'account' : 'recipient', reason };
}

/** `{ errors: [{ message, description, code }] }` */
function errorOf(json: unknown): string | undefined {
  const [first] = objectsOf(propertiesOf(json).errors);
  const texts = [textOf(first?.message), textOf(first?.description)].filter((text) => text !== undefined);
  return texts.length === 0 ? undefined : texts.join(': ');
}
