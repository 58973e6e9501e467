import Telnyx from 'telnyx';
import { SECRET, sms } from '../messages';
import { agree, agreeToTakeBack, LEAVES } from '../oracle';

const telnyx = new Telnyx({ apiKey: SECRET, maxRetries: 0, fetch: (url, init) => globalThis.fetch(url, init) });
const common = {
  provider: 'sms.telnyx',
  sdk: 'telnyx',
  fields: { apiKey: SECRET, messagingProfileId: 'mp1' },
  reply: { status: 200, body: { data: { id: 't1' } } },
  differences: { 'header.x-stainless-*': 'the SDK names itself and its computer' }
} as const;
const message = { from: sms.from, to: sms.to, text: sms.text, type: 'SMS', messaging_profile_id: 'mp1' } as const;

agree({ ...common, request: sms, send: () => telnyx.messages.send(message) });

agree({
  ...common,
  request: sms,
  leavesAt: LEAVES,
  send: () => telnyx.messages.send({ ...message, send_at: new Date(LEAVES).toISOString() }),
  differences: {
    ...common.differences,
    'body.send_at': 'the same second, written without its thousandths as documented'
  }
});

agreeToTakeBack({
  ...common,
  reply: { status: 200, body: { id: 't1' } },
  messageId: 't1',
  send: () => telnyx.messages.cancelScheduled('t1')
});
