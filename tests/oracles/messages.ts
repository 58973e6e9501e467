import type { EmailRequest, PushRequest, SmsRequest } from '$lib/core/rows/messages';

/** What every secret field holds. */
export const SECRET = 'a-key-with-_+/=signs';

const subject = 'Bienvenue à l’été 🎉 & "plus" <encore>';
const html = '<p>Bonjour Zoé 🎉 – à bientôt&nbsp;!</p>\n<p>100 % d’été</p>';
const text = 'Bonjour Zoé 🎉 – à bientôt !\n100 % d’été + soleil';

/** All that an email of ours can have: names with accents and signs, an answer address, a tag, headers of its own. */
export const email = {
  channel: 'email',
  kind: 'marketing',
  senderId: 'e1',
  from: { name: 'Léa de l’Atelier', email: 'lea@atelier.fr' },
  to: { name: 'Noël, Camille', email: 'camille@exemple.fr' },
  subject,
  templateId: 'm1',
  emailName: 'Bienvenue',
  tag: 'ete-2027',
  html,
  text,
  headers: {
    'Reply-To': 'bonjour@atelier.fr',
    'List-Unsubscribe': '<https://relais.exemple.fr/u/1>, <mailto:lea@atelier.fr?subject=stop>',
    'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
    'X-Atelier': 'été'
  }
} as const satisfies EmailRequest;

export const REPLY_TO = email.headers['Reply-To'];
/** The headers without the answer address, which SDKs take apart. */
export const HEADERS = {
  'List-Unsubscribe': email.headers['List-Unsubscribe'],
  'List-Unsubscribe-Post': email.headers['List-Unsubscribe-Post'],
  'X-Atelier': email.headers['X-Atelier']
};

/** The least that a message can be: no names, no tag, no headers. */
export const bareEmail = {
  channel: 'email',
  kind: 'transactional',
  senderId: 'e1',
  from: { name: '', email: 'lea@atelier.fr' },
  to: { email: 'camille@exemple.fr' },
  subject,
  templateId: 'm1',
  emailName: 'Bienvenue',
  html,
  text
} as const satisfies EmailRequest;

export const sms = {
  channel: 'sms',
  kind: 'transactional',
  senderId: 'p1',
  from: 'Atelier',
  to: '+33612345678',
  smsName: 'Soldes',
  tag: 'soldes',
  text: 'Soldes d’été 🎉 – 10 % & plus + STOP'
} as const satisfies SmsRequest;

export const push = {
  channel: 'push',
  to: ['d1', 'd2'],
  platforms: ['ios', 'web'],
  pushName: 'Soldes',
  title: 'Soldes d’été 🎉',
  body: 'Dès demain & pour 3 jours',
  url: 'https://atelier.fr/soldes?a=1&b=é',
  imageUrl: 'https://atelier.fr/soldes.png'
} as const satisfies PushRequest;
