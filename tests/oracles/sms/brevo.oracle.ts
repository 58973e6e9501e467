import { BrevoClient } from '@getbrevo/brevo';
import { SECRET, sms } from '../messages';
import { agree } from '../oracle';

const brevo = new BrevoClient({ apiKey: SECRET, maxRetries: 0 });
const common = {
  provider: 'sms.brevo',
  sdk: '@getbrevo/brevo',
  fields: { apiKey: SECRET },
  reply: { status: 201, body: { messageId: 1, reference: 'r1' } },
  differences: { 'header.x-fern-*': 'the SDK names itself' }
} as const;
const message = { sender: sms.from, recipient: sms.to, unicodeEnabled: true, tag: sms.tag };

agree({
  ...common,
  request: sms,
  send: () => brevo.transactionalSms.sendAsyncTransactionalSms({ ...message, content: sms.text, type: 'transactional' })
});

agree({
  ...common,
  title: 'a promotional text, with the code that becomes the number for STOP',
  request: { ...sms, kind: 'promotional' },
  send: () =>
    brevo.transactionalSms.sendAsyncTransactionalSms({
      ...message,
      content: `${sms.text}\n[STOP CODE]`,
      type: 'marketing'
    })
});
