import Telnyx from 'telnyx';
import { SECRET, sms } from '../messages';
import { agree } from '../oracle';

const telnyx = new Telnyx({ apiKey: SECRET, maxRetries: 0, fetch: (url, init) => globalThis.fetch(url, init) });
const reply = { status: 200, body: { data: { id: 't1' } } };

agree({
  provider: 'sms.telnyx',
  sdk: 'telnyx',
  fields: { apiKey: SECRET, messagingProfileId: 'mp1' },
  request: sms,
  reply,
  send: () =>
    telnyx.messages.send({ from: sms.from, to: sms.to, text: sms.text, type: 'SMS', messaging_profile_id: 'mp1' }),
  differences: { 'header.x-stainless-*': 'the SDK names itself and its computer' }
});
