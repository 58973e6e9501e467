import sendgrid from '@sendgrid/mail';
import { bareEmail, email, HEADERS, REPLY_TO, SECRET } from '../messages';
import { agree } from '../oracle';

sendgrid.setApiKey(SECRET);
const common = {
  provider: 'email.sendgrid',
  sdk: '@sendgrid/mail',
  fields: { apiKey: SECRET },
  reply: { status: 202, headers: { 'x-message-id': 's1' } }
} as const;

agree({
  ...common,
  request: email,
  send: () =>
    sendgrid.send({
      from: email.from,
      to: email.to,
      replyTo: REPLY_TO,
      subject: email.subject,
      text: email.text,
      html: email.html,
      headers: HEADERS,
      categories: [email.tag]
    }),
  // The SDK hands the headers of the message to its HTTP client as well.
  differences: Object.fromEntries(
    Object.keys(HEADERS).map((name) => [
      `header.${name.toLowerCase()}`,
      'the SDK says it twice, in the call itself too'
    ])
  )
});

agree({
  ...common,
  title: 'the least',
  request: bareEmail,
  send: () =>
    sendgrid.send({
      from: bareEmail.from.email,
      to: bareEmail.to.email,
      subject: bareEmail.subject,
      text: bareEmail.text,
      html: bareEmail.html
    })
});
