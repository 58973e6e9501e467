import { Auth } from '@vonage/auth';
import { SMS, TypeEnum } from '@vonage/sms';
import { SECRET, sms } from '../messages';
import { agree, KEY } from '../oracle';

const common = {
  provider: 'sms.vonage',
  sdk: '@vonage/sms',
  fields: { apiKey: 'abcd1234', apiSecret: SECRET },
  reply: { status: 200, body: { 'message-count': '1', messages: [{ status: '0', 'message-id': 'v1' }] } },
  differences: {
    'header.content-type': 'the API takes forms and JSON; a form needs no preflight',
    'header.authorization': 'the API takes the key in the call or in its header',
    'body.api_key': 'the API takes the key in the call or in its header',
    'body.api_secret': 'the API takes the key in the call or in its header'
  }
} as const;
const vonage = () => new SMS(new Auth({ apiKey: 'abcd1234', apiSecret: SECRET }));

agree({
  ...common,
  title: 'in Unicode',
  request: sms,
  send: () =>
    vonage().send({ from: sms.from, to: '33612345678', text: sms.text, type: TypeEnum.UNICODE, clientRef: KEY })
});

agree({
  ...common,
  title: 'in plain signs',
  request: { ...sms, text: 'Soldes: 5 € de moins' },
  send: () =>
    vonage().send({
      from: sms.from,
      to: '33612345678',
      text: 'Soldes: 5 € de moins',
      type: TypeEnum.TEXT,
      clientRef: KEY
    })
});
