import { Resend } from 'resend';
import { bareEmail, email, HEADERS, REPLY_TO, SECRET } from '../messages';
import { agree, agreeToTakeBack, KEY, LEAVES } from '../oracle';

const resend = new Resend(SECRET);
const common = {
  provider: 'email.resend',
  sdk: 'resend',
  fields: { apiKey: SECRET },
  reply: { status: 200, body: { id: 'r1' } }
} as const;

const options = {
  from: 'Léa de l’Atelier <lea@atelier.fr>',
  to: ['"Noël, Camille" <camille@exemple.fr>'],
  replyTo: REPLY_TO,
  subject: email.subject,
  html: email.html,
  text: email.text,
  tags: [{ name: 'tag', value: email.tag }],
  headers: HEADERS
};
const bareOptions = {
  from: bareEmail.from.email,
  to: [bareEmail.to.email],
  subject: bareEmail.subject,
  html: bareEmail.html,
  text: bareEmail.text
};

agree({
  ...common,
  request: email,
  send: () => resend.emails.send(options, { idempotencyKey: KEY })
});

agree({
  ...common,
  title: 'the least',
  request: bareEmail,
  send: () => resend.emails.send(bareOptions, { idempotencyKey: KEY })
});

agree({
  ...common,
  request: bareEmail,
  leavesAt: LEAVES,
  send: () =>
    resend.emails.send({ ...bareOptions, scheduledAt: new Date(LEAVES).toISOString() }, { idempotencyKey: KEY })
});

agree({
  ...common,
  reply: { status: 200, body: { data: [{ id: 'r1' }, { id: 'r2' }] } },
  request: email,
  others: [bareEmail],
  send: () => resend.batch.send([options, bareOptions], { idempotencyKey: KEY, batchValidation: 'permissive' })
});

agreeToTakeBack({
  ...common,
  reply: { status: 200, body: { object: 'email', id: 'r1' } },
  messageId: 'r1',
  send: () => resend.emails.cancel('r1')
});
