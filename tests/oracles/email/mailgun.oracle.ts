import Mailgun from 'mailgun.js';
import { bareEmail, email, HEADERS, REPLY_TO, SECRET } from '../messages';
import { agree } from '../oracle';

const domain = 'mg.atelier.fr';
const mailgun = (url: string) => new Mailgun(FormData).client({ username: 'api', key: SECRET, url });
const common = {
  provider: 'email.mailgun',
  sdk: 'mailgun.js',
  reply: { status: 200, body: { id: '<1@mg.atelier.fr>', message: 'Queued. Thank you.' } },
  differences: {
    'header.content-type': 'the SDK always sends a form of several parts, which only attachments need'
  }
} as const;

agree({
  ...common,
  fields: { domain, apiKey: SECRET },
  request: email,
  send: () =>
    mailgun('https://api.mailgun.net').messages.create(domain, {
      from: 'Léa de l’Atelier <lea@atelier.fr>',
      to: '"Noël, Camille" <camille@exemple.fr>',
      'h:Reply-To': REPLY_TO,
      subject: email.subject,
      html: email.html,
      text: email.text,
      'o:tag': email.tag,
      ...Object.fromEntries(Object.entries(HEADERS).map(([name, value]) => [`h:${name}`, value]))
    })
});

agree({
  ...common,
  title: 'the least, in the EU',
  fields: { domain, apiKey: SECRET, baseUrl: 'https://api.eu.mailgun.net' },
  request: bareEmail,
  send: () =>
    mailgun('https://api.eu.mailgun.net').messages.create(domain, {
      from: bareEmail.from.email,
      to: bareEmail.to.email,
      subject: bareEmail.subject,
      html: bareEmail.html,
      text: bareEmail.text
    })
});
