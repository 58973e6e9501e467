import { BrevoClient } from '@getbrevo/brevo';
import { v5 as nameToUuid } from 'uuid';
import { bareEmail, email, HEADERS, REPLY_TO, SECRET } from '../messages';
import { agree, agreeToTakeBack, KEY, LEAVES } from '../oracle';

const brevo = new BrevoClient({ apiKey: SECRET, maxRetries: 0 });
const idempotencyKey = nameToUuid(KEY, '6ba7b811-9dad-11d1-80b4-00c04fd430c8');
const common = {
  provider: 'email.brevo',
  sdk: '@getbrevo/brevo',
  fields: { apiKey: SECRET },
  reply: { status: 201, body: { messageId: '<1@smtp-relay>' } }
} as const;
const ownHeaders = {
  'header.x-fern-*': 'the SDK names itself'
};

agree({
  ...common,
  request: email,
  send: () =>
    brevo.transactionalEmails.sendTransacEmail({
      sender: email.from,
      to: [email.to],
      replyTo: { email: REPLY_TO },
      subject: email.subject,
      htmlContent: email.html,
      textContent: email.text,
      tags: [email.tag],
      headers: { ...HEADERS, idempotencyKey }
    }),
  differences: ownHeaders
});

agree({
  ...common,
  title: 'the least',
  request: bareEmail,
  send: () =>
    brevo.transactionalEmails.sendTransacEmail({
      sender: { email: bareEmail.from.email },
      to: [bareEmail.to],
      subject: bareEmail.subject,
      htmlContent: bareEmail.html,
      textContent: bareEmail.text,
      headers: { idempotencyKey }
    }),
  differences: ownHeaders
});

/** Of a batch of its own: Brevo takes UUIDs of version 4. */
const batchId = `${idempotencyKey.slice(0, 14)}4${idempotencyKey.slice(15)}`;

agree({
  ...common,
  request: bareEmail,
  leavesAt: LEAVES,
  send: () =>
    brevo.transactionalEmails.sendTransacEmail({
      sender: { email: bareEmail.from.email },
      to: [bareEmail.to],
      subject: bareEmail.subject,
      htmlContent: bareEmail.html,
      textContent: bareEmail.text,
      headers: { idempotencyKey },
      scheduledAt: new Date(LEAVES).toISOString(),
      batchId
    }),
  differences: ownHeaders
});

agreeToTakeBack({
  ...common,
  reply: { status: 204 },
  messageId: '<1@smtp-relay>',
  send: () => brevo.transactionalEmails.deleteScheduledEmailById({ identifier: batchId }),
  differences: ownHeaders
});

agree({
  ...common,
  reply: { status: 201, body: { messageIds: ['<1@smtp-relay>', '<2@smtp-relay>'] } },
  request: email,
  others: [{ ...email, to: bareEmail.to, subject: 'Autre' }],
  send: () =>
    brevo.transactionalEmails.sendTransacEmail({
      sender: email.from,
      subject: email.subject,
      htmlContent: email.html,
      tags: [email.tag],
      headers: { ...HEADERS, idempotencyKey },
      messageVersions: [
        { to: [email.to], subject: email.subject },
        { to: [bareEmail.to], subject: 'Autre' }
      ].map((version) => ({
        ...version,
        replyTo: { email: REPLY_TO },
        htmlContent: email.html,
        textContent: email.text
      }))
    }),
  differences: ownHeaders
});
