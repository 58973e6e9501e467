import { ServerClient } from 'postmark';
import { bareEmail, email, HEADERS, REPLY_TO, SECRET } from '../messages';
import { agree } from '../oracle';

const common = {
  provider: 'email.postmark',
  sdk: 'postmark',
  fields: { serverToken: SECRET },
  reply: { status: 200, body: { ErrorCode: 0, Message: 'OK', MessageID: 'p1' } }
} as const;

agree({
  ...common,
  request: email,
  send: () =>
    new ServerClient(SECRET).sendEmail({
      From: 'Léa de l’Atelier <lea@atelier.fr>',
      To: '"Noël, Camille" <camille@exemple.fr>',
      ReplyTo: REPLY_TO,
      Subject: email.subject,
      HtmlBody: email.html,
      TextBody: email.text,
      Tag: email.tag,
      Headers: Object.entries(HEADERS).map(([Name, Value]) => ({ Name, Value })),
      MessageStream: 'broadcast'
    })
});

agree({
  ...common,
  title: 'the least, through the stream of transactional messages',
  request: bareEmail,
  send: () =>
    new ServerClient(SECRET).sendEmail({
      From: bareEmail.from.email,
      To: bareEmail.to.email,
      Subject: bareEmail.subject,
      HtmlBody: bareEmail.html,
      TextBody: bareEmail.text,
      MessageStream: 'outbound'
    })
});
