import { EmailParams, MailerSend, Recipient, Sender } from 'mailersend';
import { bareEmail, email, HEADERS, REPLY_TO, SECRET } from '../messages';
import { agree } from '../oracle';

const mailersend = new MailerSend({ apiKey: SECRET });
const common = {
  provider: 'email.mailersend',
  sdk: 'mailersend',
  fields: { apiToken: SECRET },
  reply: { status: 202, headers: { 'x-message-id': 'm1' } }
} as const;

agree({
  ...common,
  request: email,
  send: () =>
    mailersend.email.send(
      new EmailParams()
        .setFrom(new Sender(email.from.email, email.from.name))
        .setTo([new Recipient(email.to.email, 'Noël  Camille')])
        .setReplyTo(new Sender(REPLY_TO))
        .setSubject(email.subject)
        .setText(email.text)
        .setHtml(email.html)
        .setTags([email.tag])
        .setPrecedenceBulk(true)
        .setListUnsubscribe('<https://relais.exemple.fr/u/1>')
        .setHeaders([{ name: 'X-Atelier', value: HEADERS['X-Atelier'] }])
    )
});

agree({
  ...common,
  title: 'the least',
  request: bareEmail,
  send: () =>
    mailersend.email.send(
      new EmailParams()
        .setFrom(new Sender(bareEmail.from.email))
        .setTo([new Recipient(bareEmail.to.email)])
        .setSubject(bareEmail.subject)
        .setText(bareEmail.text)
        .setHtml(bareEmail.html)
    )
});
