import { createHash } from 'node:crypto';
import type { SiteTexts } from '$lib/core/pages';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { SECRET, startRelay, type Relay } from '../../../tests/loopback/relay';
import { acknowledge, base64url, formTexts, publish, site, tokenOf, waiting } from '../testing/pages';

let relay: Relay;
beforeAll(async () => {
  relay = await startRelay();
});
beforeEach(async () => {
  await acknowledge(relay);
  expect(await publish(relay)).toBe(204);
});
afterAll(() => relay.stop());

const get = (token: string, headers: Record<string, string> = {}) => relay.call(`/u/${token}`, { headers });
const post = (token: string, init: RequestInit = {}) => relay.call(`/u/${token}`, { method: 'POST', ...init });

let contacts = 0;
/** Of a reader of their own: within a minute one link counts once. */
function freshToken(language = 'fr') {
  const payload = [language, `contact-${++contacts}`, 'enrolment/s1/0'];
  return { token: tokenOf(payload), post: { page: 'unsubscribe', contactId: payload[1], outboxId: payload[2] } };
}
describe('what the app publishes', () => {
  test('needs the secret, and has to be as it should', async () => {
    const body = JSON.stringify(site);
    expect((await relay.call('/pages', { method: 'PUT', body })).status).toBe(401);
    for (const wrong of [
      {},
      { ...site, key: 'short' },
      { ...site, language: 'de' },
      { ...site, look: { ...site.look, accent: 'red;}</style>' } },
      { ...site, look: { ...site.look, name: 'x'.repeat(301) } },
      { ...site, texts: { fr: site.texts.fr } },
      { ...site, texts: { ...site.texts, en: { ...site.texts.en, unsubscribe: { title: '', lead: '' } } } }
    ])
      expect(await publish(relay, wrong)).toBe(400);
    expect(await publish(relay, { ...site, more: 'x'.repeat(70_000) })).toBe(400);
  });

  test('before it has, its relay says so', async () => {
    const other = await startRelay();
    const answer = await other.call(`/u/${freshToken().token}`);
    expect(answer.status).toBe(404);
    expect(await answer.json()).toMatchObject({ error: 'nothing_published' });
    await other.stop();
  });
});

describe('the page to unsubscribe', () => {
  test('asks in the language of the email, and does nothing by itself', async () => {
    for (const language of ['fr', 'en']) {
      const { token } = freshToken(language);
      const answer = await get(token, { 'accept-language': 'fr' });
      expect(answer.status).toBe(200);
      const shown = await answer.text();
      expect(shown).toContain(`<html lang="${language}">`);
      expect(shown).toContain(`<h1>${language} leave?</h1>`);
      expect(shown).toContain('<form method="post"><button>Leave</button></form>');
      expect(shown).toContain('<p class="name">Atelier Léa</p>');
      expect((await relay.call(`/u/${token}`, { method: 'HEAD' })).status).toBe(200);
    }
    expect(await waiting(relay)).toEqual([]);
  });

  test('is in no search, no cache and no frame, and has neither script nor cookie', async () => {
    const answer = await get(freshToken().token);
    const { headers } = answer;
    expect(headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(headers.get('content-security-policy')).toMatch(
      /^default-src 'none'; style-src 'sha256-[\w+/=]+'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'$/
    );
    expect(headers.get('x-robots-tag')).toContain('noindex');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('set-cookie')).toBeNull();
    const shown = await answer.text();
    expect(shown).not.toMatch(/<script|https?:|\son\w+=/);
    const [, style = ''] = /<style>([^]*)<\/style>/.exec(shown) ?? [];
    const hash = createHash('sha256').update(style).digest('base64');
    expect(headers.get('content-security-policy')).toContain(`style-src 'sha256-${hash}'`);
  });

  test('acts on the button, and says so', async () => {
    const { token, post: expected } = freshToken('en');
    const answer = await post(token);
    expect(answer.status).toBe(200);
    expect(await answer.text()).toContain('<h1>en done</h1>');
    const items = await waiting(relay);
    expect(items).toMatchObject([{ kind: 'pages', contentType: 'application/json', post: expected }]);
  });

  test.each([
    ['form-encoded', { body: 'List-Unsubscribe=One-Click', type: 'application/x-www-form-urlencoded' }],
    [
      'multipart',
      {
        body: '--b\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--b--\r\n',
        type: 'multipart/form-data; boundary=b'
      }
    ]
  ])('acts on the button of a mail program (RFC 8058), %s', async (_, { body, type }) => {
    const { token, post: expected } = freshToken();
    expect((await post(token, { body, headers: { 'content-type': type } })).status).toBe(200);
    expect(await waiting(relay)).toMatchObject([{ post: expected }]);
  });

  test('used twice at once it is written down once, and thanks twice', async () => {
    const { token } = freshToken();
    const answers = await Promise.all([post(token), post(token), post(token)]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(await waiting(relay)).toHaveLength(1);
  });

  test('is taken back by a button on the page that has thanked, and by nothing else', async () => {
    const { token, post: left } = freshToken('en');
    expect(await (await post(token)).text()).toContain(
      `<form method="post" action="/u/${token}/back"><button>Back</button></form>`
    );
    const back = (method: string) => relay.call(`/u/${token}/back`, { method });
    expect((await back('GET')).status).toBe(405);
    expect(await (await back('POST')).text()).toContain('<h1>en back</h1>');
    await back('POST');
    // Whoever leaves again at once is heard.
    await post(token);
    expect((await waiting(relay)).map((item) => item.post)).toEqual([left, { ...left, page: 'resubscribe' }, left]);
    expect((await relay.call('/u/x.y/back', { method: 'POST' })).status).toBe(404);
    expect((await relay.call(`/u/${tokenOf(['fr', 'o', 'f', '9'], { page: 'c' })}/back`, { method: 'POST' })).status).toBe(404); // prettier-ignore
  });

  test('may be used again later: whoever has signed up anew can leave anew', async () => {
    const { token } = freshToken();
    await post(token);
    await acknowledge(relay);
    await relay.sql('UPDATE posts_of_minute SET minute = minute - 1');
    expect((await post(token)).status).toBe(200);
    expect(await waiting(relay)).toHaveLength(1);
  });
});

describe('what is no link of ours', () => {
  const payload = ['fr', 'c1', 'o1'];
  const good = () => tokenOf(payload);
  const [encoded = '', signature = ''] = tokenOf(payload).split('.');

  test.each([
    ['a changed payload', () => `${base64url(JSON.stringify(['fr', 'c2', 'o1']))}.${signature}`],
    ['a changed signature', () => `${encoded}.${'A'.repeat(43)}`],
    ['no signature', () => encoded],
    ['an empty signature', () => `${encoded}.`],
    ['a cut link', () => good().slice(0, -1)],
    ['a longer link', () => `${good()}A`],
    ['the key of another relay', () => tokenOf(payload, { key: 'the key of the relay next door' })],
    ['the secret of this relay as the key', () => tokenOf(payload, { key: SECRET })],
    ['a token of another page', () => tokenOf(payload, { page: 'c' })],
    ['a language that there is not', () => tokenOf(['de', 'c1', 'o1'])],
    ['signed, but no JSON', () => tokenOf('{')],
    ['signed, but something else', () => tokenOf({ email: 'lea@exemple.fr' })],
    ['what stands in an email that is not sent', () => 'unsigned'],
    ['far too long', () => `${'A'.repeat(8_000)}.${signature}`],
    ['markup', () => encodeURIComponent('<script>alert(1)</script>')],
    ['a line feed', () => 'a%0d%0aset-cookie:%20x=1']
  ])('%s: said on a page, and nothing is written', async (_, token) => {
    for (const answer of [await get(token()), await post(token(), { body: 'List-Unsubscribe=One-Click' })]) {
      expect(answer.status).toBe(404);
      expect(answer.headers.get('set-cookie')).toBeNull();
      const shown = await answer.text();
      expect(shown).toContain('<h1>fr unknown</h1>');
      expect(shown).not.toContain('<script');
    }
    expect(await waiting(relay)).toEqual([]);
  });

  test('it is said in the language that the browser asks for', async () => {
    const said = async (wanted: string) => (await get('x.y', { 'accept-language': wanted })).text();
    expect(await said('en-GB,en;q=0.9,fr;q=0.8')).toContain('en unknown');
    expect(await said('fr-CA,en;q=0.5')).toContain('fr unknown');
    expect(await said('de')).toContain('fr unknown');
  });

  test('a body that is too large is refused, and nothing is written', async () => {
    expect((await post(freshToken().token, { body: 'x'.repeat(20_000) })).status).toBe(413);
    expect(await waiting(relay)).toEqual([]);
  });

  test('nobody posts what only the relay may keep', async () => {
    const id = 'someone-pretends-to-be-the-relay';
    const source = JSON.stringify({ kind: 'pages', secret: 'x' });
    await relay.asUser(`/sources/${id}`, { method: 'PUT', body: source });
    const forged = JSON.stringify({ page: 'unsubscribe', contactId: 'c1', outboxId: 'o1' });
    expect((await relay.call(`/in/${id}`, { method: 'POST', body: forged })).status).toBe(401);
    expect(await waiting(relay)).toEqual([]);
  });
});

test('names and texts with markup in them are text', async () => {
  const nasty = `"><img src=x onerror=alert(1)></title></style><script>alert(2)</script>'`;
  const said = { title: nasty, lead: nasty };
  const all: SiteTexts = {
    form: formTexts,
    unsubscribe: { ...said, button: nasty },
    unsubscribed: { ...said, button: nasty },
    resubscribed: said,
    confirm: { ...said, button: nasty },
    confirmed: said,
    lapsed: said,
    unknown: said,
    failed: said
  };
  await publish(relay, { ...site, look: { ...site.look, name: nasty }, texts: { fr: all, en: all } });
  const { token } = freshToken();
  for (const answer of [await get(token), await post(token), await get('x.y')]) {
    const shown = await answer.text();
    expect(shown).not.toMatch(/<img|<script/);
    expect(shown.match(/<\/(?:title|style)>/g)).toHaveLength(2);
    expect(shown).toContain('&lt;script&gt;alert(2)&lt;/script&gt;&#39;');
  }
});
