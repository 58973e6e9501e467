import { defineProvider, type SendResult } from '$lib/core/providers';
import { secret, url } from '$lib/core/fields';
import { failed, ok } from '$lib/core/result';
import { PUSH_PLATFORMS, type PushRequest } from '$lib/core/rows/messages';
import { words } from '$lib/core/words';
import { baseOf, commonResult, exchange, saidBy, type Exchange } from '../exchange';
import { troubleOf } from '../trying';

const WONDERPUSH = 'WonderPush';

const PLATFORM_NAMES = { ios: 'iOS', android: 'Android', web: 'Web' } as const;

/**
 * WonderPush's Management API, `POST /v1/deliveries` ('Sending notifications' in its documentation), form-encoded, to the
 * installations of the contact. With `campaignId` the content is that of the campaign. Its idempotency key is a header, for
 * which a browser asks the API first: nothing documents that it answers, and without an answer nothing would leave.
 */
export default defineProvider({
  id: 'push.wonderpush',
  channel: 'push',
  name: WONDERPUSH,
  fields: {
    accessToken: secret({ required: true }),
    baseUrl: url({ required: true, initial: 'https://management-api.wonderpush.com' })
  },
  idempotencyWindow: null,
  concurrency: 4,
  documentation: 'https://docs.wonderpush.com/docs/api-sending-notifications',
  send: async ({ fields, request, fetch }): Promise<SendResult> => {
    const answer = await exchange(fetch, `${baseOf(fields.baseUrl)}/v1/deliveries`, {
      method: 'POST',
      // A form needs no preflight, which the API would have to answer.
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: formOf(fields.accessToken ?? '', request).toString()
    });
    return answer.ok ? resultOf(answer.value) : { status: 'unknown', reason: answer.reason };
  },
  test: async ({ fields, fetch }) => {
    const query = new URLSearchParams({ accessToken: fields.accessToken ?? '', limit: '1' }).toString();
    const answer = await exchange(fetch, `${baseOf(fields.baseUrl)}/v1/users?${query}`, {});
    if (!answer.ok) return answer;
    const { json } = answer.value;
    const trouble = troubleOf(WONDERPUSH, answer.value, errorOf(json));
    if (trouble) return failed(trouble);
    if (json === undefined) return failed(words('words.provider.not_the_api', { provider: WONDERPUSH }));
    return ok(words('words.provider.accepts_key', { provider: WONDERPUSH }));
  }
});

function formOf(accessToken: string, request: PushRequest): URLSearchParams {
  const { to, platforms, campaignId, title, body, url: targetUrl, imageUrl } = request;
  const form = new URLSearchParams({ accessToken, targetInstallationIds: to.join(',') });
  if (platforms.length < PUSH_PLATFORMS.length)
    form.set('filterPlatforms', platforms.map((platform) => PLATFORM_NAMES[platform]).join(','));
  if (campaignId !== undefined) form.set('campaignId', campaignId);
  else {
    const image =
      imageUrl === undefined
        ? {}
        : {
            ios: { attachments: [{ url: imageUrl }] },
            android: { type: 'bigPicture', bigPicture: imageUrl },
            web: { image: imageUrl }
          };
    form.set('notification', JSON.stringify({ alert: { title, text: body, targetUrl, ...image } }));
  }
  return form;
}

function resultOf(answer: Exchange): SendResult {
  const { status, json } = answer;
  const { success, notificationId, id } = (json ?? {}) as Record<string, unknown>;
  if (status >= 200 && status < 300) {
    if (success === false || errorOf(json) !== undefined)
      return { status: 'rejected', scope: 'recipient', reason: saidBy(WONDERPUSH, status, errorOf(json)) };
    const messageId = typeof notificationId === 'string' ? notificationId : id;
    if (typeof messageId === 'string') return { status: 'accepted', messageId };
    if (success === true) return { status: 'accepted' };
    return { status: 'unknown', reason: words('words.provider.not_the_api', { provider: WONDERPUSH }) };
  }
  const common = commonResult(WONDERPUSH, answer);
  return common ?? { status: 'rejected', scope: 'recipient', reason: saidBy(WONDERPUSH, status, errorOf(json)) };
}

/** `{ error: { status, code, message } }` */
function errorOf(json: unknown): string | undefined {
  const error = (json as { error?: { message?: unknown } } | null | undefined)?.error;
  if (error === undefined) return undefined;
  return typeof error.message === 'string' ? error.message : JSON.stringify(error);
}
