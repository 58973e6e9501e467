import { REFUSAL_HEADER, relayRefusal } from '$lib/core/inbox';
import * as v from 'valibot';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { SECRET, startRelay, type Passed, type Relay } from '../../tests/loopback/relay';

const ADDED = 'hooks.example.com, Shop.Example.org ,127.0.0.1,localhost,app.localhost,intranet,printer.local,a.example.com:8443,user@b.example.com,c.example.com.,*.d.example.com'; // prettier-ignore

let relay: Relay;
let outside: (call: Passed) => Response;
const pass = (path: string, init: RequestInit = {}) =>
  relay.call(`/pass/${path}`, { ...init, headers: { 'x-ricochet-secret': SECRET, ...(init.headers as object) } });
const refused = async (answer: Response) => {
  const { error, message } = v.parse(relayRefusal, await answer.json());
  expect(answer.headers.get(REFUSAL_HEADER)).toBe(error);
  expect(message).toMatch(/\.$/);
  return [answer.status, error];
};

beforeAll(async () => {
  relay = await startRelay({
    outside: (call) => outside(call),
    bindings: { SECRET, ALLOWED_HOSTS: ADDED }
  });
});
beforeEach(() => {
  relay.passed.length = 0;
  outside = () => new Response('ok');
});
afterAll(() => relay.stop());

describe('a call is passed on', () => {
  test('as it is, to the host in its path, with the answer as it came', async () => {
    outside = () =>
      Response.json({ messageId: '<1@x>' }, { status: 201, headers: { 'x-message-id': 'm1', 'retry-after': '3' } });
    const answer = await pass('api.brevo.com/v3/smtp/email?a=1%202&b=%2F', {
      method: 'POST',
      headers: { 'api-key': 'k', authorization: 'Basic abc', 'content-type': 'application/json' },
      body: '{"to":"é"}'
    });
    expect([answer.status, await answer.json()]).toEqual([201, { messageId: '<1@x>' }]);
    expect(answer.headers.get(REFUSAL_HEADER)).toBeNull();
    const [call] = relay.passed;
    expect(call).toMatchObject({
      method: 'POST',
      url: 'https://api.brevo.com/v3/smtp/email?a=1%202&b=%2F',
      body: '{"to":"é"}'
    });
    expect(Object.fromEntries(call!.headers)).toMatchObject({
      'api-key': 'k',
      authorization: 'Basic abc',
      'content-type': 'application/json'
    });
  });

  test.each(['GET', 'PUT', 'PATCH', 'DELETE', 'HEAD'])('with %s', async (method) => {
    expect((await pass('api.resend.com/emails', { method })).status).toBe(200);
    expect(relay.passed.map((call) => call.method)).toEqual([method]);
  });

  test('without what tells of the caller, the connection, and the secret', async () => {
    await pass('api.twilio.com/', {
      headers: {
        origin: 'https://app.example',
        referer: 'https://app.example/contacts',
        cookie: 'a=b',
        'cf-connecting-ip': '203.0.113.7',
        'cf-ray': '1',
        'x-forwarded-for': '203.0.113.7',
        'x-forwarded-proto': 'https',
        'x-real-ip': '203.0.113.7',
        te: 'trailers',
        'x-kept': 'yes'
      }
    });
    const names = [...relay.passed[0]!.headers.keys()];
    expect(names).toContain('x-kept');
    expect(
      names.filter((name) => /^(origin|referer|cookie|cf-(?!worker).*|x-forwarded.*|x-real-ip|te)$/.test(name))
    ).toEqual([]);
    expect(JSON.stringify([...relay.passed[0]!.headers])).not.toContain(SECRET);
  });

  test('and the answer has no cookie, is for any page, and all its headers can be read', async () => {
    outside = () =>
      new Response('', {
        headers: [
          ['set-cookie', 'a=b'],
          ['access-control-allow-origin', 'https://dashboard.example'],
          ['access-control-allow-credentials', 'true'],
          ['x-sib-ratelimit-reset', '4'],
          ['x-ratelimit-remaining', '1'],
          ['ratelimit-reset', '1'],
          ['etag', '"1"'],
          ['x-ricochet-refusal', 'made up']
        ]
      });
    const { headers } = await pass('api.brevo.com/');
    expect(headers.get('set-cookie')).toBeNull();
    expect(headers.get('access-control-allow-origin')).toBe('*');
    expect(headers.get('access-control-allow-credentials')).toBeNull();
    expect(headers.get(REFUSAL_HEADER)).toBeNull();
    const exposed = headers.get('access-control-expose-headers')?.split(', ') ?? [];
    expect(exposed).toEqual(
      expect.arrayContaining(['x-sib-ratelimit-reset', 'x-ratelimit-remaining', 'ratelimit-reset', 'etag'])
    );
  });

  test('and an answer that was compressed is readable', async () => {
    // What stands for the outside compresses what says so.
    outside = () => new Response('{"id":"1"}', { headers: { 'content-encoding': 'gzip' } });
    expect(await (await pass('api.resend.com/emails')).json()).toEqual({ id: '1' });
  });

  test('and an empty answer too', async () => {
    outside = () => new Response(null, { status: 204 });
    expect((await pass('api.sendgrid.com/v3/x', { method: 'DELETE' })).status).toBe(204);
  });

  test.each([
    'api.eu.mailgun.net',
    'email.eu-west-3.amazonaws.com',
    'email.us-gov-west-1.amazonaws.com',
    'onesignal.com',
    'hooks.example.com',
    'shop.example.org'
  ])('to %s, which is allowed', async (host) => {
    expect((await pass(`${host}/x`)).status).toBe(200);
    expect(relay.passed.map(({ url }) => url)).toEqual([`https://${host}/x`]);
  });

  test('and nothing of it is kept', async () => {
    await pass('api.brevo.com/v3/smtp/email', { method: 'POST', body: 'a message' });
    expect(await (await relay.asUser('/inbox')).json()).toEqual({ items: [], more: false });
  });
});

describe('it is no open proxy', () => {
  test.each([
    ['no secret', {}],
    ['a wrong secret', { 'x-ricochet-secret': 'only-the-user-knows-this-on' }],
    ['an empty secret', { 'x-ricochet-secret': '' }],
    ['the secret where the provider’s key goes', { authorization: `Bearer ${SECRET}` }]
  ])('%s: 401', async (_, headers: Record<string, string>) => {
    expect(await refused(await relay.call('/pass/api.brevo.com/', { headers }))).toEqual([401, 'wrong_secret']);
    expect(relay.passed).toEqual([]);
  });

  test.each([
    'example.com/',
    'api.brevo.com.evil.com/',
    'evil.com.api.brevo.com/',
    'evil-api.brevo.com/',
    'xapi.brevo.com/',
    'api.brevo.com:443/',
    'api.brevo.com:8080/',
    'api.brevo.com./',
    'API.BREVO.COM/',
    'user@api.brevo.com/',
    'api.brevo.com@evil.com/',
    'user:pass@evil.com/',
    'api.brevo.com%2f.evil.com/',
    'api.brevo.com%00.evil.com/',
    'api.brevo.com%23.evil.com/',
    '%61pi.brevo.com/',
    'api%2Ebrevo%2Ecom/',
    '/evil.com/',
    '//api.brevo.com/',
    'https://evil.com/',
    'api.brevo.com/../evil.com/',
    'api.brevo.com/%2e%2e/evil.com/',
    '127.0.0.1/',
    '2130706433/',
    '0x7f.0.0.1/',
    '[::1]/',
    'localhost/',
    'app.localhost/',
    'intranet/',
    'printer.local/',
    '169.254.169.254/latest/meta-data',
    'a.example.com/',
    'a.example.com:8443/',
    'user@b.example.com/',
    'b.example.com/',
    'c.example.com/',
    'c.example.com./',
    'x.d.example.com/',
    '*.d.example.com/',
    'sub.hooks.example.com/',
    'email.evil.amazonaws.com/',
    'email.eu-west-3.amazonaws.com.evil.com/',
    'email.eu-west-3.evil.com/',
    's3.eu-west-3.amazonaws.com/',
    'email.eu-west-3xamazonaws.com/',
    ''
  ])('%s: 403', async (path) => {
    expect(await refused(await pass(path))).toEqual([403, 'host_not_allowed']);
    expect(await relay.raw(`/pass/${path}`, { 'x-ricochet-secret': SECRET })).toBe(403);
    expect(relay.passed).toEqual([]);
  });

  test.each([
    ['/pass/api.brevo.com//evil.com/x', 'https://api.brevo.com//evil.com/x'],
    ['/pass/api.brevo.com/@evil.com/', 'https://api.brevo.com/@evil.com/'],
    ['/pass/api.brevo.com/\\evil.com/', 'https://api.brevo.com//evil.com/'],
    ['/pass/api.brevo.com\\@evil.com/', 'https://api.brevo.com/@evil.com/'],
    ['/pass/api.brevo.com?@evil.com/', 'https://api.brevo.com/?@evil.com/'],
    ['/pass/api.brevo.com', 'https://api.brevo.com/']
  ])('%s stays at its host', async (path, url) => {
    expect(await relay.raw(path, { 'x-ricochet-secret': SECRET })).toBe(200);
    expect(relay.passed.map((call) => call.url)).toEqual([url]);
  });

  test.each([301, 302, 303, 307, 308])('an answer %i that leads elsewhere is not followed', async (status) => {
    outside = () => new Response(null, { status, headers: { location: 'https://evil.example/steal' } });
    const answer = await pass('api.brevo.com/v3/account', { headers: { 'api-key': 'k' } });
    expect(await refused(answer)).toEqual([502, 'redirected']);
    expect(answer.headers.get('location')).toBeNull();
    expect(relay.passed.map(({ url }) => url)).toEqual(['https://api.brevo.com/v3/account']);
  });

  test('a relay whose owner gave it no secret passes nothing on', async () => {
    const bare = await startRelay({ bindings: {} });
    const answer = await bare.call('/pass/api.brevo.com/', { headers: { 'x-ricochet-secret': '' } });
    expect(await refused(answer)).toEqual([503, 'no_secret']);
    expect(bare.passed).toEqual([]);
    const hello = await bare.call('/', { headers: { authorization: 'Bearer ' } });
    expect(await hello.json()).toMatchObject({ isKnown: false });
    await bare.stop();
  });
});

describe('how much', () => {
  const limit = 6 * 1024 * 1024;
  const streamed = (size: number) =>
    ({
      method: 'POST',
      duplex: 'half',
      body: new ReadableStream({
        start: (controller) => {
          for (let left = size; left > 0; left -= 65_536)
            controller.enqueue(new Uint8Array(Math.min(left, 65_536)).fill(97));
          controller.close();
        }
      })
    }) as RequestInit;

  test('6 MiB are passed on', async () => {
    expect((await pass('api.mailgun.net/v3/x', { method: 'POST', body: 'a'.repeat(limit) })).status).toBe(200);
    expect((await pass('api.mailgun.net/v3/x', streamed(limit))).status).toBe(200);
    expect(relay.passed.map(({ body }) => body.length)).toEqual([limit, limit]);
  });

  test('a byte more is refused, and none of it passed on, whether the size is said or not', async () => {
    const said = await pass('api.mailgun.net/v3/x', { method: 'POST', body: 'a'.repeat(limit + 1) });
    expect(await refused(said)).toEqual([413, 'too_large']);
    const unsaid = await pass('api.mailgun.net/v3/x', streamed(limit + 1));
    expect(await refused(unsaid)).toEqual([413, 'too_large']);
    expect(relay.passed).toEqual([]);
  });
});
