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

agree({
  ...common,
  request: email,
  send: () =>
    resend.emails.send(
      {
        from: 'Léa de l’Atelier <lea@atelier.fr>',
        to: ['"Noël, Camille" <camille@exemple.fr>'],
        replyTo: REPLY_TO,
        subject: email.subject,
        html: email.html,
        text: email.text,
        tags: [{ name: 'tag', value: email.tag }],
        headers: HEADERS
      },
      { idempotencyKey: KEY }
    )
});

agree({
  ...common,
  title: 'the least',
  request: bareEmail,
  send: () =>
    resend.emails.send(
      {
        from: bareEmail.from.email,
        to: [bareEmail.to.email],
        subject: bareEmail.subject,
        html: bareEmail.html,
        text: bareEmail.text
      },
      { idempotencyKey: KEY }
    )
});

agree({
  ...common,
  request: bareEmail,
  leavesAt: LEAVES,
  send: () =>
    resend.emails.send(
      {
        from: bareEmail.from.email,
        to: [bareEmail.to.email],
        subject: bareEmail.subject,
        html: bareEmail.html,
        text: bareEmail.text,
        scheduledAt: new Date(LEAVES).toISOString()
      },
      { idempotencyKey: KEY }
    )
});

agreeToTakeBack({
  ...common,
  reply: { status: 200, body: { object: 'email', id: 'r1' } },
  messageId: 'r1',
  send: () => resend.emails.cancel('r1')
});
