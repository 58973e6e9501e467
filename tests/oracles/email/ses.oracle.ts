import { createHash, createHmac, type Hash, type Hmac } from 'node:crypto';
import { SESv2Client, SendEmailCommand } from '@aws-sdk/client-sesv2';
import { SignatureV4 } from '@smithy/signature-v4';
import type { SourceData } from '@smithy/types';
import { expect, test } from 'vitest';
import { bareEmail, email, HEADERS, REPLY_TO, SECRET } from '../messages';
import { agree, byAdapter, NOW } from '../oracle';

const ses = () =>
  new SESv2Client({
    region: 'eu-west-3',
    credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: SECRET },
    maxAttempts: 1
  });
const common = {
  provider: 'email.ses',
  sdk: '@aws-sdk/client-sesv2',
  fields: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: SECRET },
  reply: { status: 200, body: { MessageId: 'a1' } },
  differences: {
    'header.amz-sdk-*': 'the SDK counts its attempts',
    'header.x-amz-user-agent': 'the SDK names itself',
    'header.x-amz-content-sha256': 'only S3 needs it',
    'header.authorization': 'the SDK signs headers of its own; that ours is right is the last test here'
  }
} as const;
const content = (Data: string) => ({ Data, Charset: 'UTF-8' });

agree({
  ...common,
  request: email,
  send: () =>
    ses().send(
      new SendEmailCommand({
        FromEmailAddress: '=?UTF-8?B?TMOpYSBkZSBs4oCZQXRlbGllcg==?= <lea@atelier.fr>',
        Destination: { ToAddresses: ['=?UTF-8?B?Tm/Dq2wsIENhbWlsbGU=?= <camille@exemple.fr>'] },
        ReplyToAddresses: [REPLY_TO],
        Content: {
          Simple: {
            Subject: content(email.subject),
            Body: { Text: content(email.text), Html: content(email.html) },
            Headers: Object.entries(HEADERS).map(([Name, Value]) => ({ Name, Value }))
          }
        },
        EmailTags: [{ Name: 'tag', Value: email.tag }]
      })
    )
});

agree({
  ...common,
  title: 'the least',
  request: bareEmail,
  send: () =>
    ses().send(
      new SendEmailCommand({
        FromEmailAddress: bareEmail.from.email,
        Destination: { ToAddresses: [bareEmail.to.email] },
        Content: {
          Simple: {
            Subject: content(bareEmail.subject),
            Body: { Text: content(bareEmail.text), Html: content(bareEmail.html) }
          }
        }
      })
    )
});

/** The hash that the signer of the SDK wants to be given. */
class Sha256 {
  readonly #hash: Hash | Hmac;
  constructor(secret?: SourceData) {
    this.#hash = secret === undefined ? createHash('sha256') : createHmac('sha256', bytesOf(secret));
  }
  update(data: SourceData): void {
    this.#hash.update(bytesOf(data));
  }
  digest(): Promise<Uint8Array> {
    return Promise.resolve(new Uint8Array(this.#hash.digest()));
  }
  reset(): void {
    throw new Error('used once');
  }
}

function bytesOf(data: SourceData): Buffer {
  if (typeof data === 'string') return Buffer.from(data);
  return ArrayBuffer.isView(data) ? Buffer.from(data.buffer, data.byteOffset, data.byteLength) : Buffer.from(data);
}

test('our signature is the one that the signer of the SDK makes of our call', async () => {
  const [call] = await byAdapter({ ...common, request: email });
  const { host: hostname, method, path, body, headers } = call!;
  const signer = new SignatureV4({
    service: 'ses',
    region: 'eu-west-3',
    credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: SECRET },
    sha256: Sha256,
    applyChecksum: false
  });
  const signed = await signer.sign(
    { method, protocol: 'https:', hostname, path, headers: { host: hostname }, body: body.toString('utf8') },
    { signingDate: new Date(NOW) }
  );
  expect(headers.authorization).toBe(signed.headers.authorization);
});
