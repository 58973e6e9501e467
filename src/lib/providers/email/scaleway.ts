import { defineProvider, type SendResult } from '$lib/core/providers';
import { secret, text, url } from '$lib/core/fields';
import type { EmailRequest } from '$lib/core/rows/messages';
import { person } from '../email-parts';
import { baseOf, commonResult, exchange, notTheApi, objectsOf, propertiesOf, quotaUsedUp, saidBy, senderRefused, textOf, type Exchange } from '../exchange'; // prettier-ignore
import { noSender, tryKey } from '../trying';

const SCALEWAY = 'Scaleway';

/**
 * Scaleway's 'Transactional Email API', `POST /transactional-email/v1alpha1/regions/{region}/emails`, which is in Paris only. There
 * is no idempotency key, and it has no tags.
 */
export default defineProvider({
  id: 'email.scaleway',
  channel: 'email',
  name: SCALEWAY,
  fields: {
    projectId: text({ required: true, max: 64 }),
    secretKey: secret({ required: true }),
    baseUrl: url({ required: true, initial: 'https://api.scaleway.com' })
  },
  idempotencyWindow: null,
  concurrency: 4,
  refusesBrowsers: true,
  documentation: 'https://www.scaleway.com/en/developers/api/transactional-email/',
  send: async ({ fields, request, fetch }): Promise<SendResult> => {
    const answer = await exchange(fetch, addressOf(fields.baseUrl, 'emails'), {
      method: 'POST',
      headers: { 'x-auth-token': fields.secretKey ?? '', 'content-type': 'application/json' },
      body: JSON.stringify(bodyOf(request, fields.projectId.trim()))
    });
    return answer.ok ? resultOf(answer.value) : { status: 'unknown', reason: answer.reason };
  },
  // 'List domains' of the project.
  test: ({ fields, fetch }) =>
    tryKey({
      provider: SCALEWAY,
      url: addressOf(
        fields.baseUrl,
        `domains?${new URLSearchParams({ project_id: fields.projectId.trim(), page_size: '100' }).toString()}`
      ),
      headers: { 'x-auth-token': fields.secretKey ?? '' },
      fetch,
      said: ({ json }) => errorOf(json).said,
      account: (json) => {
        const { domains } = propertiesOf(json);
        if (!Array.isArray(domains)) return undefined;
        return objectsOf(domains).some(({ status }) => status === 'checked') ? '' : noSender(SCALEWAY);
      }
    })
});

function addressOf(baseUrl: string, rest: string): string {
  return `${baseOf(baseUrl)}/transactional-email/v1alpha1/regions/fr-par/${rest}`;
}

function bodyOf({ from, to, subject, html, text: plain, headers = {} }: EmailRequest, projectId: string): unknown {
  const others = Object.entries(headers);
  return {
    from: person(from, 'email', 'name'),
    to: [person(to, 'email', 'name')],
    subject,
    text: plain,
    html,
    project_id: projectId,
    ...(others.length === 0 ? {} : { additional_headers: others.map(([key, value]) => ({ key, value })) })
  };
}

function resultOf(answer: Exchange): SendResult {
  const { status, json } = answer;
  if (status >= 200 && status < 300) {
    const id = textOf(objectsOf(propertiesOf(json).emails)[0]?.id);
    return id === undefined ? notTheApi(SCALEWAY) : { status: 'accepted', messageId: id };
  }
  const { type, said, place } = errorOf(json);
  const reason = saidBy(SCALEWAY, status, said);
  // Said with 403, too, and no matter of the key.
  if (type === 'quotas_exceeded')
    return { status: 'rejected', scope: 'account', reason: quotaUsedUp(SCALEWAY, status, said) };
  if (type === 'permissions_denied' || type === 'precondition_failed')
    return { status: 'rejected', scope: 'account', reason };
  const common = commonResult(SCALEWAY, answer);
  if (common) return common;
  if (place?.startsWith('from') === true || /domain/i.test(said ?? ''))
    return { status: 'rejected', scope: 'account', reason: senderRefused(SCALEWAY, status, said) };
  const ofAccount = place?.startsWith('project_id') === true || status === 404;
  return { status: 'rejected', scope: ofAccount ? 'account' : 'recipient', reason };
}

/** `{ type, message, details: [{ argument_name, reason, help_message }] }` */
function errorOf(json: unknown): { type?: string | undefined; said?: string | undefined; place?: string | undefined } {
  const { type, message, details } = propertiesOf(json);
  const [first] = objectsOf(details);
  const place = textOf(first?.argument_name);
  const help = textOf(first?.help_message);
  const texts = [textOf(message), place, help].filter((part) => part !== undefined);
  return { type: textOf(type), said: texts.length === 0 ? undefined : texts.join(': '), place };
}
