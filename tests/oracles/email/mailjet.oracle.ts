import Mailjet from 'node-mailjet';
import { bareEmail, email, HEADERS, REPLY_TO, SECRET } from '../messages';
import { agree, KEY } from '../oracle';

const mailjet = Mailjet.apiConnect('mj-key', SECRET);
const common = {
  provider: 'email.mailjet',
  sdk: 'node-mailjet',
  fields: { apiKey: 'mj-key', secretKey: SECRET },
  reply: { status: 200, body: { Messages: [{ Status: 'success', To: [{ MessageID: 1, MessageUUID: 'u' }] }] } }
} as const;

agree({
  ...common,
  request: email,
  send: () =>
    mailjet.post('send', { version: 'v3.1' }).request({
      Messages: [
        {
          From: { Email: email.from.email, Name: email.from.name },
          To: [{ Email: email.to.email, Name: email.to.name }],
          ReplyTo: { Email: REPLY_TO },
          Subject: email.subject,
          TextPart: email.text,
          HTMLPart: email.html,
          CustomID: KEY,
          CustomCampaign: email.tag,
          Headers: HEADERS
        }
      ]
    })
});

agree({
  ...common,
  title: 'the least',
  request: bareEmail,
  send: () =>
    mailjet.post('send', { version: 'v3.1' }).request({
      Messages: [
        {
          From: { Email: bareEmail.from.email },
          To: [{ Email: bareEmail.to.email }],
          Subject: bareEmail.subject,
          TextPart: bareEmail.text,
          HTMLPart: bareEmail.html,
          CustomID: KEY
        }
      ]
    })
});
