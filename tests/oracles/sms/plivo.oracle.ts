import { Client } from 'plivo';
import { SECRET, sms } from '../messages';
import { agree } from '../oracle';

agree({
  provider: 'sms.plivo',
  sdk: 'plivo',
  fields: { authId: 'MAXXXXXXXXXXXXXXXXXX', authToken: SECRET },
  request: sms,
  reply: { status: 202, body: { message_uuid: ['p1'], api_id: 'a1', message: 'message(s) queued' } },
  send: () => new Client('MAXXXXXXXXXXXXXXXXXX', SECRET).messages.create(sms.from, sms.to, sms.text, { type: 'sms' })
});
