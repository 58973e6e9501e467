import SparkPost from 'sparkpost';
import { bareEmail, email, HEADERS, REPLY_TO, SECRET } from '../messages';
import { agree } from '../oracle';

const common = {
  provider: 'email.sparkpost',
  sdk: 'sparkpost',
  reply: { status: 200, body: { results: { id: '1', total_accepted_recipients: 1, total_rejected_recipients: 0 } } }
} as const;

agree({
  ...common,
  fields: { apiKey: SECRET },
  request: email,
  // It wants to see that the line is encrypted, unless it is told of an address where it is not.
  send: (addressOf) =>
    new SparkPost(SECRET, { origin: addressOf('api.sparkpost.com') }).transmissions.send({
      options: { transactional: false },
      recipients: [{ address: email.to, tags: [email.tag] }],
      content: {
        from: email.from,
        reply_to: REPLY_TO,
        subject: email.subject,
        html: email.html,
        text: email.text,
        headers: HEADERS
      }
    })
});

agree({
  ...common,
  title: 'the least, in the EU',
  fields: { apiKey: SECRET, baseUrl: 'https://api.eu.sparkpost.com' },
  request: bareEmail,
  send: (addressOf) =>
    new SparkPost(SECRET, { origin: addressOf('api.eu.sparkpost.com') }).transmissions.send({
      options: { transactional: true },
      recipients: [{ address: bareEmail.to }],
      content: {
        from: { email: bareEmail.from.email },
        subject: bareEmail.subject,
        html: bareEmail.html,
        text: bareEmail.text
      }
    })
});
