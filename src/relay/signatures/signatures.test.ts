import { createHash, createHmac, createSign, generateKeyPairSync, randomBytes } from 'node:crypto';
import { INBOX_KINDS, inboxPage, type InboxKind } from '$lib/core/inbox';
import * as v from 'valibot';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { RELAY_URL, startRelay, type Relay } from '../../../tests/loopback/relay';

/** What a vendor sends with a body, computed as its documentation says, with Node's crypto. */
interface Vendor {
  readonly kind: InboxKind;
  readonly secret: string;
  readonly otherSecret: string;
  readonly body: string;
  /** The headers, and where the signature is elsewhere, the body or the query. */
  sign(post: { secret: string; body: string; url: string; now: number }): {
    headers?: Record<string, string>;
    body?: string;
    query?: string;
  };
  /** How old what it signed may be, in ms, where that counts. */
  readonly tolerance?: number;
  readonly kept?: 200;
  /** Where its signature does not cover the body. */
  readonly bodyIsFree?: true;
}

type Hash = 'sha1' | 'sha256';
const hmac = (hash: Hash, secret: string | Buffer, text: string) => createHmac(hash, secret).update(text, 'utf8');
const seconds = (now: number) => String(Math.floor(now / 1000));
const MINUTES = 60_000;
const json = '{"id":"evt_1","name":"Léa 🌿","amount":12.50}';

const keys = [1, 2].map(() => generateKeyPairSync('ec', { namedCurve: 'P-256' }));
const publicOf = (at: number) => keys[at]!.publicKey.export({ format: 'der', type: 'spki' }).toString('base64');

const body = (header: string, encoding: 'hex' | 'base64', prefix = '', hash: Hash = 'sha256'): Vendor['sign'] => {
  return ({ secret, body }) => ({ headers: { [header]: prefix + hmac(hash, secret, body).digest(encoding) } });
};
const timed = (header: string): Vendor['sign'] => {
  return ({ secret, body, now }) => ({
    headers: { [header]: `t=${seconds(now)},v1=${hmac('sha256', secret, `${seconds(now)}.${body}`).digest('hex')}` }
  });
};
const standard = (prefix: string): Vendor['sign'] => {
  return ({ secret, body, now }) => {
    const key = Buffer.from(secret.replace('whsec_', ''), 'base64');
    const signature = hmac('sha256', key, `msg_1.${seconds(now)}.${body}`).digest('base64');
    return {
      headers: {
        [`${prefix}-id`]: 'msg_1',
        [`${prefix}-timestamp`]: seconds(now),
        [`${prefix}-signature`]: `v1,${signature}`
      }
    };
  };
};
const plain = { secret: 'a secret with é', otherSecret: 'another secret', body: json };
const whsec = {
  secret: `whsec_${randomBytes(24).toString('base64')}`,
  otherSecret: `whsec_${randomBytes(24).toString('base64')}`,
  body: json,
  tolerance: 5 * MINUTES
};

const vendors: readonly (Vendor & { readonly title?: string })[] = [
  {
    ...plain,
    kind: 'aircall',
    kept: 200,
    sign: ({ secret, body }) => ({ body: JSON.stringify({ ...(JSON.parse(body) as object), token: secret }) }),
    bodyIsFree: true
  },
  { ...plain, kind: 'calcom', sign: body('X-Cal-Signature-256', 'hex') },
  { ...plain, kind: 'calendly', sign: timed('Calendly-Webhook-Signature'), tolerance: 5 * MINUTES },
  {
    ...plain,
    kind: 'crisp',
    sign: ({ secret, body, now }) => ({
      headers: {
        'X-Crisp-Request-Timestamp': String(now),
        'X-Crisp-Signature': hmac('sha256', secret, `[${now};${body}]`).digest('hex')
      }
    })
  },
  { ...whsec, kind: 'generic', sign: standard('webhook') },
  { ...plain, kind: 'intercom', sign: body('X-Hub-Signature', 'hex', 'sha1=', 'sha1') },
  { ...plain, kind: 'mailersend', sign: body('Signature', 'hex') },
  {
    ...plain,
    kind: 'mailgun',
    tolerance: 24 * 60 * MINUTES,
    bodyIsFree: true,
    sign: ({ secret, body, now }) => {
      const [timestamp, token] = [seconds(now), randomBytes(25).toString('hex')];
      const signature = hmac('sha256', secret, timestamp + token).digest('hex');
      return {
        body: JSON.stringify({ signature: { timestamp, token, signature }, 'event-data': JSON.parse(body) as object })
      };
    }
  },
  {
    ...plain,
    kind: 'postmark',
    secret: 'relay:pass:wörd',
    bodyIsFree: true,
    sign: ({ secret }) => ({ headers: { authorization: `Basic ${Buffer.from(secret).toString('base64')}` } })
  },
  { ...whsec, kind: 'resend', sign: standard('svix') },
  {
    kind: 'sendgrid',
    secret: publicOf(0),
    otherSecret: publicOf(1),
    body: '[{"event":"open","sg_event_id":"1"}]\r\n',
    sign: ({ secret, body, now }) => {
      const { privateKey } = keys[secret === publicOf(0) ? 0 : 1]!;
      return {
        headers: {
          'X-Twilio-Email-Event-Webhook-Timestamp': seconds(now),
          'X-Twilio-Email-Event-Webhook-Signature': createSign('sha256')
            .update(seconds(now) + body)
            .sign(privateKey, 'base64')
        }
      };
    }
  },
  { ...plain, kind: 'shopify', sign: body('X-Shopify-Hmac-Sha256', 'base64') },
  { ...plain, kind: 'stripe', sign: timed('Stripe-Signature'), tolerance: 5 * MINUTES },
  {
    ...plain,
    kind: 'twilio',
    title: 'twilio, a form',
    body: 'To=%2B33600000001&Body=Bonjour+L%C3%A9a+%26+co&From=%2B33600000002&Media=b&Media=a',
    sign: ({ secret, body, url }) => {
      const form = [...new URLSearchParams(body)].sort(([a, x], [b, y]) =>
        a === b ? (x < y ? -1 : 1) : a < b ? -1 : 1
      );
      return { headers: { 'X-Twilio-Signature': hmac('sha1', secret, url + form.flat().join('')).digest('base64') } };
    }
  },
  {
    ...plain,
    kind: 'twilio',
    title: 'twilio, JSON',
    sign: ({ secret, body, url }) => {
      const query = `?bodySHA256=${createHash('sha256').update(body).digest('hex')}`;
      return { query, headers: { 'X-Twilio-Signature': hmac('sha1', secret, url + query).digest('base64') } };
    }
  },
  { ...plain, kind: 'woocommerce', sign: body('X-WC-Webhook-Signature', 'base64') }
];

const titled = (some: typeof vendors) => some.map((vendor) => [vendor.title ?? vendor.kind, vendor] as const);

/** Nothing but the address proves these. */
const unsigned = INBOX_KINDS.filter((kind) => kind !== 'pages' && vendors.every((vendor) => vendor.kind !== kind));

let relay: Relay;
let id: string;
const place = (kind: InboxKind, secret: string) =>
  relay.asUser(`/sources/${id}`, { method: 'PUT', body: JSON.stringify({ kind, secret }) });
const post = async (body: string, headers: Record<string, string> = {}, query = '') =>
  (await relay.call(`/in/${id}${query}`, { method: 'POST', body, headers })).status;
const kept = async () => {
  const { items } = v.parse(inboxPage, await (await relay.asUser('/inbox')).json());
  return items.filter(({ sourceId }) => sourceId === id);
};

/** What the vendor posts, and what arrives when something is done to it on the way. */
const send = ({ sign, body }: Vendor, secret: string, { now = Date.now(), tamper = (text: string) => text } = {}) => {
  const signed = sign({ secret, body, url: `${RELAY_URL}/in/${id}`, now });
  return post(tamper(signed.body ?? body), signed.headers, signed.query);
};

beforeAll(async () => {
  relay = await startRelay();
});
beforeEach(() => {
  id = randomBytes(18).toString('base64url');
});
afterAll(() => relay.stop());

describe.each(titled(vendors))('%s', (_, vendor) => {
  test('what it signed is kept as it came', async () => {
    await place(vendor.kind, vendor.secret);
    expect(await send(vendor, vendor.secret)).toBe(vendor.kept ?? 202);
    expect(await kept()).toMatchObject([{ sourceId: id, kind: vendor.kind }]);
    if (vendor.sign({ ...vendor, url: '', now: 0 }).body === undefined) {
      expect(await kept()).toMatchObject([{ body: vendor.body }]);
    }
  });

  test('without a signature, with a wrong one or another body it is refused, and nothing kept', async () => {
    await place(vendor.kind, vendor.secret);
    expect(await post(vendor.body)).toBe(401);
    expect(await send(vendor, vendor.otherSecret)).toBe(401);
    if (!vendor.bodyIsFree) expect(await send(vendor, vendor.secret, { tamper: (text) => `${text} ` })).toBe(401);
    expect(await kept()).toEqual([]);
  });

  test('a header that is nonsense is refused', async () => {
    await place(vendor.kind, vendor.secret);
    const names = Object.keys(vendor.sign({ ...vendor, url: '', now: Date.now() }).headers ?? {});
    const nonsense = ['', '=', 't=1,v1=', `t=${seconds(Date.now())},v1=`, 'v1,', 'sha1=', 'MAA=', 'MAYCAQACAQA=', 'zz'];
    const answers = nonsense.map((text) => post(vendor.body, Object.fromEntries(names.map((name) => [name, text]))));
    expect(new Set(await Promise.all(answers))).toEqual(new Set([401]));
    expect(await kept()).toEqual([]);
  });
});

test.each(titled(vendors.filter(({ kind }) => kind !== 'generic' && kind !== 'crisp')))(
  '%s: as long as the relay has no secret to check it, it is refused',
  async (_, vendor) => {
    await place(vendor.kind, '');
    expect(await send(vendor, vendor.secret)).toBe(401);
    if (vendor.kind !== 'sendgrid') expect(await send(vendor, '')).toBe(401);
    expect(await kept()).toEqual([]);
  }
);

test.each(titled(vendors.filter(({ tolerance }) => tolerance !== undefined)))(
  '%s: what it signed long ago, or in the future, is refused',
  async (_, vendor) => {
    await place(vendor.kind, vendor.secret);
    const { tolerance = 0 } = vendor;
    for (const now of [Date.now() - tolerance - MINUTES, Date.now() + tolerance + MINUTES]) {
      expect(await send(vendor, vendor.secret, { now })).toBe(401);
    }
    expect(await send(vendor, vendor.secret, { now: Date.now() - tolerance + MINUTES })).toBe(202);
  }
);

describe.each(unsigned)('%s', (kind) => {
  test('is proved by its address', async () => {
    await place(kind, '');
    expect(await post(json)).toBe(202);
    expect(await kept()).toMatchObject([{ sourceId: id, kind, body: json }]);
  });

  test('is given no secret that nothing would check', async () => {
    expect((await place(kind, 'a secret')).status).toBe(400);
    expect(await post(json)).toBe(404);
  });
});

test.each(['generic', 'crisp'] as const)('%s without a secret is proved by its address', async (kind) => {
  await place(kind, '');
  expect(await post(json)).toBe(202);
});

test('Stripe and Svix may sign with the old secret and the new one', async () => {
  await place('stripe', 'new');
  const now = Date.now();
  const [old, recent] = ['old', 'new'].map((secret) => hmac('sha256', secret, `${seconds(now)}.${json}`).digest('hex'));
  expect(await post(json, { 'stripe-signature': `t=${seconds(now)}, v1=${old}, v0=abc, v1=${recent}` })).toBe(202);
  await place('resend', whsec.secret);
  const svix = standard('svix')({ secret: whsec.secret, body: json, url: '', now }).headers!;
  expect(await post(json, { ...svix, 'svix-signature': `v1,AAAA v2,x ${svix['svix-signature']}` })).toBe(202);
});

test('what MailerSend posts to try an address is answered and not kept, and its public secret proves nothing else', async () => {
  const published = 'test_Am3L1GuOIc4blLUuHqAPxxwkZaJyEk8G';
  const signed = (text: string) => post(text, { signature: hmac('sha256', published, text).digest('hex') });
  await place('mailersend', '');
  expect(await signed('{"type":"webhook.test"}')).toBe(200);
  expect(await signed('{"type":"activity.opened"}')).toBe(401);
  expect(await post('{"type":"webhook.test"}')).toBe(401);
  expect(await kept()).toEqual([]);
});

test('what WooCommerce posts when a webhook is saved is answered and not kept', async () => {
  await place('woocommerce', 'secret');
  expect(await post('webhook_id=12')).toBe(200);
  expect(await post('webhook_id=12&order=1')).toBe(401);
  expect(await kept()).toEqual([]);
});
