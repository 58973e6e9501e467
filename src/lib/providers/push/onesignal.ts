import { v3 as nameToUuid } from 'uuid';
import { defineProvider, type SendResult } from '$lib/core/providers';
import { secret, text, url } from '$lib/core/fields';
import { DAY } from '$lib/core/instants';
import { failed, ok } from '$lib/core/result';
import { PUSH_PLATFORMS, type PushRequest } from '$lib/core/rows/messages';
import { words } from '$lib/core/words';
import { baseOf, commonResult, exchange, saidBy, type Exchange } from '../exchange';
import { troubleOf } from '../trying';

const ONESIGNAL = 'OneSignal';

/** The namespace of the UUIDs that our keys become; OneSignal takes versions 3 and 4. */
const KEYS = '6ba7b811-9dad-11d1-80b4-00c04fd430c8';

const PLATFORM_FLAGS = { ios: 'isIos', android: 'isAndroid', web: 'isAnyWeb' } as const;

/**
 * OneSignal's 'Create message', `POST /notifications`, to the subscriptions of the contact. `idempotency_key` is remembered for 30
 * days. It answers 200 with an empty `id` where nothing was sent, and says why in `errors`. A campaign of the provider is a
 * template (`template_id`).
 */
export default defineProvider({
  id: 'push.onesignal',
  channel: 'push',
  name: ONESIGNAL,
  fields: {
    appId: text({ required: true, max: 64 }),
    apiKey: secret({ required: true }),
    baseUrl: url({ required: true, initial: 'https://api.onesignal.com' })
  },
  idempotencyWindow: 30 * DAY,
  concurrency: 4,
  documentation: 'https://documentation.onesignal.com/reference/push-notification',
  send: async ({ fields, request, key, fetch }): Promise<SendResult> => {
    const answer = await exchange(fetch, `${baseOf(fields.baseUrl)}/notifications?c=push`, {
      method: 'POST',
      headers: { authorization: `Key ${fields.apiKey ?? ''}`, 'content-type': 'application/json' },
      body: JSON.stringify(bodyOf(fields.appId.trim(), request, key))
    });
    return answer.ok ? resultOf(answer.value) : { status: 'unknown', reason: answer.reason };
  },
  test: async ({ fields, fetch }) => {
    const query = new URLSearchParams({ app_id: fields.appId.trim(), limit: '1' }).toString();
    const answer = await exchange(fetch, `${baseOf(fields.baseUrl)}/notifications?${query}`, {
      headers: { authorization: `Key ${fields.apiKey ?? ''}` }
    });
    if (!answer.ok) return answer;
    const { json } = answer.value;
    const trouble = troubleOf(ONESIGNAL, answer.value, errorsOf(json));
    if (trouble) return failed(trouble);
    if (!Array.isArray((json as { notifications?: unknown } | undefined)?.notifications))
      return failed(words('words.provider.not_the_api', { provider: ONESIGNAL }));
    return ok(words('words.provider.works', { provider: ONESIGNAL, account: fields.appId.trim() }));
  }
});

function bodyOf(
  appId: string,
  { to, platforms, campaignId, title, body, url: address, imageUrl, pushName }: PushRequest,
  key: string
): unknown {
  const only = platforms.length < PUSH_PLATFORMS.length ? platforms : [];
  return {
    app_id: appId,
    target_channel: 'push',
    include_subscription_ids: to,
    ...Object.fromEntries(only.map((platform) => [PLATFORM_FLAGS[platform], true])),
    name: pushName.slice(0, 128),
    ...(campaignId === undefined ? {} : { template_id: campaignId }),
    // English stands for every language that is not given.
    ...(title === undefined ? {} : { headings: { en: title } }),
    ...(body === undefined ? {} : { contents: { en: body } }),
    ...(address === undefined ? {} : { url: address }),
    ...(imageUrl === undefined
      ? {}
      : { big_picture: imageUrl, chrome_web_image: imageUrl, ios_attachments: { image: imageUrl } }),
    idempotency_key: nameToUuid(key, KEYS)
  };
}

function resultOf(answer: Exchange): SendResult {
  const { status, json } = answer;
  if (status >= 200 && status < 300) {
    const id = (json as { id?: unknown } | undefined)?.id;
    if (typeof id === 'string' && id !== '') return { status: 'accepted', messageId: id };
    const said = errorsOf(json);
    return said === undefined && id === undefined
      ? { status: 'unknown', reason: words('words.provider.not_the_api', { provider: ONESIGNAL }) }
      : { status: 'rejected', scope: 'recipient', reason: saidBy(ONESIGNAL, status, said) };
  }
  const common = commonResult(ONESIGNAL, answer);
  if (common) return common;
  const said = errorsOf(json);
  const ofAccount = /app_id|api key|authori[sz]ation/i.test(said ?? '');
  return { status: 'rejected', scope: ofAccount ? 'account' : 'recipient', reason: saidBy(ONESIGNAL, status, said) };
}

/** `errors` is a list of texts, or an object that names what was invalid. */
function errorsOf(json: unknown): string | undefined {
  const errors = (json as { errors?: unknown } | null | undefined)?.errors;
  if (errors === undefined || errors === null) return undefined;
  const texts = Array.isArray(errors) ? errors : [errors];
  return texts.map((text) => (typeof text === 'string' ? text : JSON.stringify(text))).join(' ');
}
