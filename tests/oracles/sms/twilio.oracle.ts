import twilio from 'twilio';
import { SECRET, sms } from '../messages';
import { agree, agreeToTakeBack, LEAVES } from '../oracle';

const accountSid = 'AC00000000000000000000000000000000';
const common = {
  provider: 'sms.twilio',
  sdk: 'twilio',
  fields: { accountSid, authToken: SECRET },
  reply: { status: 201, body: { sid: 'SM1', status: 'queued' } },
  differences: { 'header.accept-charset': 'what every answer is in' }
} as const;

agree({
  ...common,
  request: sms,
  send: () => twilio(accountSid, SECRET).messages.create({ to: sms.to, from: sms.from, body: sms.text })
});

agree({
  ...common,
  title: 'through a messaging service',
  request: { ...sms, from: 'MG00000000000000000000000000000000' },
  send: () =>
    twilio(accountSid, SECRET).messages.create({
      to: sms.to,
      messagingServiceSid: 'MG00000000000000000000000000000000',
      body: sms.text
    })
});

agree({
  ...common,
  request: { ...sms, from: 'MG00000000000000000000000000000000' },
  leavesAt: LEAVES,
  send: () =>
    twilio(accountSid, SECRET).messages.create({
      to: sms.to,
      messagingServiceSid: 'MG00000000000000000000000000000000',
      body: sms.text,
      scheduleType: 'fixed',
      sendAt: new Date(LEAVES)
    })
});

agreeToTakeBack({
  ...common,
  reply: { status: 200, body: { sid: 'SM1', status: 'canceled' } },
  messageId: 'SM1',
  send: () => twilio(accountSid, SECRET).messages('SM1').update({ status: 'canceled' })
});
