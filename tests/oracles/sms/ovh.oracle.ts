import ovh from 'ovh';
import { SECRET, sms } from '../messages';
import { agree, NOW } from '../oracle';

const serviceName = 'sms-ab12345-1';
const common = {
  provider: 'sms.ovh',
  sdk: 'ovh',
  fields: { serviceName, applicationKey: 'app', applicationSecret: SECRET, consumerKey: 'consumer' },
  reply: { status: 200, body: { ids: [1], validReceivers: [sms.to], invalidReceivers: [] } },
  before: { '/1.0/auth/time': { status: 200, body: NOW / 1_000 } }
} as const;
const account = { endpoint: 'ovh-eu', appKey: 'app', appSecret: SECRET, consumerKey: 'consumer' };
const send = (message: string): Promise<unknown> =>
  ovh(account).requestPromised('POST', '/sms/{serviceName}/jobs', {
    serviceName,
    message,
    receivers: [sms.to],
    sender: sms.from,
    charset: 'UTF-8',
    noStopClause: true,
    tag: sms.tag
  });

agree({
  ...common,
  request: sms,
  send: () => send(sms.text),
  differences: {
    'header.x-ovh-signature': 'of the body as it is written: the SDK writes accents as escapes'
  }
});

agree({
  ...common,
  title: 'the same signature, where the text needs no escapes',
  request: { ...sms, text: 'Soldes + STOP' },
  send: () => send('Soldes + STOP')
});
