import { defineProvider, type SendResult } from '$lib/core/providers';
import { secret, text, url } from '$lib/core/fields';
import { baseOf, commonResult, exchange, notTheApi, propertiesOf, quotaUsedUp, saidBy, textOf, type Exchange } from '../exchange'; // prettier-ignore
import { sendingOff, tryKey } from '../trying';

const BIRD = 'Bird';

/**
 * Bird's 'Send an SMS message' of its Channels API, `POST /workspaces/{workspaceId}/channels/{channelId}/messages`. The channel is
 * the sender: the request has no place for another. There is no idempotency key.
 */
export default defineProvider({
  id: 'sms.bird',
  channel: 'sms',
  name: BIRD,
  fields: {
    workspaceId: text({ required: true, max: 64 }),
    channelId: text({ required: true, max: 64 }),
    accessKey: secret({ required: true }),
    baseUrl: url({ required: true, initial: 'https://api.bird.com' })
  },
  idempotencyWindow: null,
  concurrency: 4,
  documentation: 'https://docs.bird.com/api/quickstarts/send-an-sms-message',
  send: async ({ fields, request, fetch }): Promise<SendResult> => {
    const { to, text: body = '' } = request;
    const answer = await exchange(fetch, `${channelOf(fields)}/messages`, {
      method: 'POST',
      headers: { authorization: `AccessKey ${fields.accessKey ?? ''}`, 'content-type': 'application/json' },
      body: JSON.stringify({
        receiver: { contacts: [{ identifierKey: 'phonenumber', identifierValue: to }] },
        body: { type: 'text', text: { text: body } }
      })
    });
    return answer.ok ? resultOf(answer.value) : { status: 'unknown', reason: answer.reason };
  },
  // 'Get channel by ID'.
  test: ({ fields, fetch }) =>
    tryKey({
      provider: BIRD,
      url: channelOf(fields),
      headers: { authorization: `AccessKey ${fields.accessKey ?? ''}` },
      fetch,
      said: ({ json }) => textOf(propertiesOf(json).message),
      account: (json) => {
        const { id, name, status } = propertiesOf(json);
        if (textOf(id) === undefined) return undefined;
        return status === 'inactive' ? sendingOff(BIRD) : (textOf(name) ?? '');
      }
    })
});

function channelOf(fields: { workspaceId: string; channelId: string; baseUrl: string }): string {
  const [workspace, channel] = [fields.workspaceId, fields.channelId].map((id) => encodeURIComponent(id.trim()));
  return `${baseOf(fields.baseUrl)}/workspaces/${workspace}/channels/${channel}`;
}

function resultOf(answer: Exchange): SendResult {
  const { status, json } = answer;
  const { id, status: state, reason: why, message } = propertiesOf(json);
  if (status >= 200 && status < 300) {
    const messageId = textOf(id);
    if (messageId === undefined) return notTheApi(BIRD);
    return state === 'rejected' || state === 'sending_failed'
      ? { status: 'rejected', scope: 'recipient', reason: saidBy(BIRD, status, textOf(why)) }
      : { status: 'accepted', messageId };
  }
  const reason = saidBy(BIRD, status, textOf(message));
  // Without a balance, or without such a channel, nothing leaves.
  if (status === 402)
    return { status: 'rejected', scope: 'account', reason: quotaUsedUp(BIRD, status, textOf(message)) };
  if (status === 404) return { status: 'rejected', scope: 'account', reason };
  return commonResult(BIRD, answer) ?? { status: 'rejected', scope: 'recipient', reason };
}
