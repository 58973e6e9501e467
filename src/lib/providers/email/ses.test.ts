import { createHash, createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { describeProvider, email, jsonOf, providerOf, SECRET, send, tried, type Reply } from '../contract';

const ses = providerOf('email.ses');
const settings = { accessKeyId: 'AKIDEXAMPLE' };
const accepted: Reply = { status: 200, body: { MessageId: '010201-a1' } };
const error = (status: number, kind: string, message: string): Reply => ({
  status,
  body: { message },
  headers: { 'x-amzn-errortype': `${kind}:http://internal.amazon.com/coral/` }
});
const unverified = 'Email address is not verified. The following identities failed the check: lea@atelier.fr';

describeProvider('email.ses', {
  request: email,
  settings,
  accepted,
  messageId: '010201-a1',
  refusals: [
    {
      answer: error(403, 'InvalidClientTokenId', 'The security token is invalid.'),
      scope: 'account',
      kind: 'key_refused'
    },
    { answer: error(403, 'SignatureDoesNotMatch', `The canonical string is ${SECRET}`), scope: 'account' },
    { answer: error(403, 'AccessDeniedException', 'No right to ses:SendEmail'), scope: 'account', says: 'No right to ses:SendEmail' }, // prettier-ignore
    { answer: error(400, 'AccountSuspendedException', 'Suspended'), scope: 'account', says: 'Suspended' },
    { answer: error(400, 'SendingPausedException', 'Paused'), scope: 'account', says: 'Paused' },
    {
      answer: error(400, 'MailFromDomainNotVerifiedException', 'No domain'),
      scope: 'account',
      kind: 'sender_refused',
      says: 'No domain'
    },
    { answer: error(400, 'MessageRejected', unverified), scope: 'account', kind: 'sender_refused', says: unverified },
    { answer: error(400, 'MessageRejected', 'Blocked content'), scope: 'recipient', says: 'Blocked content' },
    { answer: error(400, 'BadRequestException', 'Illegal address'), scope: 'recipient', says: 'Illegal address' },
    // Where the page may not read the header.
    { answer: { status: 400, body: { __type: 'com.amazonaws#SendingPausedException', message: 'Paused' } }, scope: 'account' } // prettier-ignore
  ],
  delays: [
    { answer: error(429, 'TooManyRequestsException', 'Maximum sending rate exceeded.'), after: null },
    { answer: error(400, 'ThrottlingException', 'Rate exceeded'), after: null },
    { answer: error(429, 'TooManyRequestsException', 'Daily message quota exceeded.'), after: 3_600_000 },
    { answer: error(400, 'LimitExceededException', 'Limit'), after: 3_600_000 }
  ],
  unclear: [error(500, 'InternalFailure', 'oops')],
  works: { status: 200, body: { SendingEnabled: true, ProductionAccessEnabled: true } },
  troubles: [
    { answers: [error(403, 'InvalidClientTokenId', 'The security token is invalid.')], says: 'key_refused' },
    { answers: [{ status: 200, body: { SendingEnabled: false, ProductionAccessEnabled: true } }], says: 'sending_off' },
    {
      answers: [
        { status: 200, body: { SendingEnabled: true, SendQuota: { Max24HourSend: 200, SentLast24Hours: 200 } } }
      ],
      says: 'no_credit'
    }
  ]
});

describe('Amazon SES', () => {
  test('the request is as documented, names as encoded words', async () => {
    const { calls } = await send(ses, email, [accepted], settings);
    expect(calls[0]).toMatchObject({
      url: 'https://email.eu-west-3.amazonaws.com/v2/email/outbound-emails',
      init: { method: 'POST' }
    });
    expect(jsonOf(calls[0]!)).toEqual({
      FromEmailAddress: `=?UTF-8?B?${Buffer.from('Léa').toString('base64')}?= <lea@atelier.fr>`,
      Destination: {
        ToAddresses: [`=?UTF-8?B?${Buffer.from('Camille Noël').toString('base64')}?= <camille@exemple.fr>`]
      },
      Content: {
        Simple: {
          Subject: { Data: 'Bienvenue à l’été 🎉', Charset: 'UTF-8' },
          Body: {
            Text: { Data: 'Bonjour 🎉', Charset: 'UTF-8' },
            Html: { Data: '<p>Bonjour 🎉</p>', Charset: 'UTF-8' }
          },
          Headers: [{ Name: 'List-Unsubscribe', Value: '<mailto:lea@atelier.fr>' }]
        }
      },
      EmailTags: [{ Name: 'tag', Value: 'ete' }]
    });
  });

  test('is signed as Signature Version 4 has it', async () => {
    const { calls } = await send(ses, email, [accepted], settings);
    const { headers, body } = calls[0]!.init!;
    const hash = (text: string) => createHash('sha256').update(text).digest('hex');
    const [host, scope] = ['email.eu-west-3.amazonaws.com', '20270105/eu-west-3/ses/aws4_request'];
    const signedNames = /SignedHeaders=([^,]+)/.exec(headers!.authorization!)![1]!;
    const lines = signedNames.split(';').map((name) => `${name}:${name === 'host' ? host : headers![name]}\n`);
    const canonical = ['POST', '/v2/email/outbound-emails', '', lines.join(''), signedNames, hash(body!)].join('\n');
    const toSign = ['AWS4-HMAC-SHA256', '20270105T080000Z', scope, hash(canonical)].join('\n');
    const key = scope
      .split('/')
      .reduce<string | Buffer>((last, part) => createHmac('sha256', last).update(part).digest(), `AWS4${SECRET}`);
    expect(headers!['x-amz-date']).toBe('20270105T080000Z');
    expect(headers!.authorization).toBe(
      `AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/${scope}, SignedHeaders=${signedNames}, ` +
        `Signature=${createHmac('sha256', key).update(toSign).digest('hex')}`
    );
  });

  test('an account on trial passes the test, which says what it can do', async () => {
    const SendQuota = { Max24HourSend: 200, SentLast24Hours: 3 };
    const body = { SendingEnabled: true, ProductionAccessEnabled: false, SendQuota };
    expect(await tried(ses, [{ status: 200, body }], settings)).toMatchObject({
      ok: true,
      value: { key: 'words.provider.on_trial' }
    });
  });
});
