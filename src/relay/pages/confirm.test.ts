import type { PublishedForm } from '$lib/core/pages';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { SECRET, startRelay, type Relay } from '../../../tests/loopback/relay';
import { acknowledge, base64url, publish, tokenOf, waiting } from '../testing/pages';

let relay: Relay;
beforeAll(async () => {
  relay = await startRelay();
});
beforeEach(async () => {
  await acknowledge(relay);
  expect(await publish(relay)).toBe(204);
});
afterAll(() => relay.stop());

const DAY = 86_400_000;
const get = (token: string) => relay.call(`/c/${token}`);
const post = (token: string, init: RequestInit = {}) => relay.call(`/c/${token}`, { method: 'POST', ...init });

let optIns = 0;
const payloadOf = (until = Date.now() + DAY, language = 'fr') => [language, `opt-in-${++optIns}`, 'f1', String(until)];
const signed = (payload: unknown, options: { key?: string; page?: string } = {}) =>
  tokenOf(payload, { page: 'c', ...options });

describe('the page to confirm an address', () => {
  test('asks in the language of the email, and does nothing by itself, however often programs look', async () => {
    for (const language of ['fr', 'en']) {
      const token = signed(payloadOf(undefined, language));
      for (let look = 0; look < 3; look++) {
        const shown = await (await get(token)).text();
        expect(shown).toContain(`<h1>${language} was it you?</h1>`);
        expect(shown).toContain('<form method="post"><button>Confirm</button></form>');
      }
      expect((await relay.call(`/c/${token}`, { method: 'HEAD' })).status).toBe(200);
    }
    expect(await waiting(relay)).toEqual([]);
  });

  test('is in no search, no cache and no frame, and has neither script nor cookie', async () => {
    const { headers } = await get(signed(payloadOf()));
    expect(headers.get('content-security-policy')).toMatch(/^default-src 'none'.*frame-ancestors 'none'$/);
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('set-cookie')).toBeNull();
  });

  test('acts on the button, names nobody, and thanks as the form does', async () => {
    const form: PublishedForm = {
      language: 'fr',
      title: 'La lettre',
      intro: '',
      fields: [],
      consent: '',
      button: 'M’inscrire',
      thanks: 'Look into your mail.',
      confirmed: 'Voici le guide : <b>'
    };
    const payload = payloadOf();
    expect(await (await post(signed(payload))).text()).toContain('Thank you.');
    await relay.asUser('/forms/f1', { method: 'PUT', body: JSON.stringify(form) });
    const again = await (await post(signed(payloadOf()))).text();
    expect(again).toContain('<h1>fr confirmed</h1>');
    expect(again).toContain('Voici le guide : &lt;b&gt;');
    await relay.asUser('/forms/f1', { method: 'DELETE' });
    const [first] = await waiting(relay);
    expect(first).toMatchObject({ kind: 'pages', post: { page: 'confirm', optInId: payload[1] } });
  });

  test('used twice at once it is written down once, and thanks twice', async () => {
    const token = signed(payloadOf());
    const answers = await Promise.all([post(token), post(token), post(token)]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(await waiting(relay)).toHaveLength(1);
  });

  test('says when it has lapsed, to whoever looks and to whoever presses', async () => {
    const token = signed(payloadOf(Date.now() - 1));
    for (const answer of [await get(token), await post(token)]) {
      expect(answer.status).toBe(410);
      expect(await answer.text()).toContain('<h1>fr lapsed</h1>');
    }
    expect(await waiting(relay)).toEqual([]);
  });

  test('refuses a body that is too large', async () => {
    expect((await post(signed(payloadOf()), { body: 'x'.repeat(20_000) })).status).toBe(413);
    expect(await waiting(relay)).toEqual([]);
  });
});

describe('what confirms nothing', () => {
  const payload = ['fr', 'o1', 'f1', String(Date.now() + DAY)];
  const [encoded = '', signature = ''] = tokenOf(payload, { page: 'c' }).split('.');

  test.each([
    ['a changed opt-in', () => `${base64url(JSON.stringify(['fr', 'o2', 'f1', payload[3]]))}.${signature}`],
    ['more time', () => `${base64url(JSON.stringify(['fr', 'o1', 'f1', '9'.repeat(15)]))}.${signature}`],
    ['no signature', () => encoded],
    ['the key of another relay', () => signed(payload, { key: 'the key of the relay next door' })],
    ['the secret of this relay as the key', () => signed(payload, { key: SECRET })],
    ['a link to unsubscribe', () => tokenOf(payload, { page: 'u' })],
    ['no time', () => signed(['fr', 'o1', 'f1'])],
    ['a time that is none', () => signed(['fr', 'o1', 'f1', 'Infinity'])],
    ['a language that there is not', () => signed(['de', 'o1', 'f1', payload[3]])],
    ['far too long', () => `${'A'.repeat(8_000)}.${signature}`],
    ['markup', () => encodeURIComponent('<script>alert(1)</script>')]
  ])('%s: said on a page, and nothing is written', async (_, token) => {
    for (const answer of [await get(token()), await post(token())]) {
      expect(answer.status).toBe(404);
      const shown = await answer.text();
      expect(shown).toContain('<h1>fr unknown</h1>');
      expect(shown).not.toContain('<script');
    }
    expect(await waiting(relay)).toEqual([]);
  });

  test('a link that confirms does not unsubscribe', async () => {
    expect((await relay.call(`/u/${signed(payload)}`, { method: 'POST' })).status).toBe(404);
    expect(await waiting(relay)).toEqual([]);
  });
});
