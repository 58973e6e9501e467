import type { PublishedForm } from '$lib/core/pages';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { SECRET, startRelay, type Relay } from '../../../tests/loopback/relay';
import { acknowledge, base64url, publish, tokenOf, waiting, withinOneMinute } from '../testing/pages';

let relay: Relay;
beforeAll(async () => {
  relay = await startRelay();
});
beforeEach(async () => {
  await acknowledge(relay);
  // The first call makes the tables.
  expect(await publish(relay)).toBe(204);
  await relay.sql('DELETE FROM posts_of_minute');
  expect((await relay.asUser('/forms/f1', { method: 'PUT', body: JSON.stringify(form) })).status).toBe(204);
});
afterAll(() => relay.stop());

const form: PublishedForm = {
  language: 'fr',
  title: 'Vos informations',
  intro: 'Ce que vous laissez vide reste.',
  fields: [
    { id: 'email', label: 'Votre email', help: '', required: true, input: 'email' },
    { id: 'first', label: 'Prénom', help: '', required: true, input: 'text' }
  ],
  consent: '',
  button: 'Enregistrer',
  thanks: 'Look into your mail.',
  confirmed: 'C’est à jour.'
};
const DAY = 86_400_000;
const payloadOf = (until = Date.now() + DAY, language = 'fr') => [language, 'f1', 'o1', String(until)];
const signed = (payload: unknown, options: { key?: string; page?: string } = {}) =>
  tokenOf(payload, { page: 'p', ...options });
const get = (token: string) => relay.call(`/p/${token}`);
const post = (token: string, values: Record<string, string> = { first: 'Léa' }, headers: Record<string, string> = {}) =>
  relay.call(`/p/${token}`, {
    method: 'POST',
    body: new URLSearchParams(values).toString(),
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers }
  });
const posts = async () => (await waiting(relay)).map((item) => item.post);

describe('a form for the reader of an email', () => {
  test('asks for all but their address, tells nothing of them, and is in no frame, no search and no cache', async () => {
    const answer = await get(signed(payloadOf()));
    expect(answer.status).toBe(200);
    const shown = await answer.text();
    expect(shown).toContain('<h1>Vos informations</h1>');
    expect(shown).toContain('name="first" required type="text" value=""');
    expect(shown).not.toContain('name="email"');
    const { headers } = answer;
    expect(headers.get('content-security-policy')).toMatch(/^default-src 'none'.*frame-ancestors 'none'$/);
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('set-cookie')).toBeNull();
    expect((await relay.call(`/p/${signed(payloadOf())}`, { method: 'HEAD' })).status).toBe(200);
    expect(await posts()).toEqual([]);
  });

  test('handed in is kept as of the reader of that email, whoever else is named, and thanks without another email', async () => {
    const answer = await post(signed(payloadOf()), { first: 'Léa', email: 'other@exemple.fr', outboxId: 'o2' });
    expect(answer.status).toBe(200);
    expect(await answer.text()).toContain('<h1>C’est à jour.</h1>');
    expect(answer.headers.get('content-security-policy')).toMatch(/frame-ancestors 'none'$/);
    expect(await posts()).toEqual([
      { page: 'profile', formId: 'f1', outboxId: 'o1', values: { first: 'Léa' }, consent: false }
    ]);
  });

  test('may be used again, as a form may, but not without end', async () => {
    const token = signed(payloadOf());
    await post(token);
    await post(token, { first: 'Léo' });
    expect(await posts()).toHaveLength(2);
    const { status, kept } = await withinOneMinute(async (minute) => {
      await acknowledge(relay);
      await relay.sql('UPDATE posts_of_minute SET posts = 10000, minute = ?', minute);
      return { status: (await post(token)).status, kept: await posts() };
    });
    expect(status).toBe(429);
    expect(kept).toEqual([]);
  });

  test('that is wrong is shown once more at the same address; what a program fills in is thrown away', async () => {
    const token = signed(payloadOf());
    const wrong = await post(token, { first: ' ' });
    expect(wrong.status).toBe(422);
    expect(await wrong.text()).toContain(`<form method="post" action="/p/${token}"`);
    expect((await post(token, { first: 'Léa', website: 'https://spam.example' })).status).toBe(200);
    const json = await post(token, {}, { accept: 'application/json' });
    expect(await json.json()).toEqual({ wrong: 'See below.', problems: { first: 'Missing.' } });
    expect(await posts()).toEqual([]);
  });

  test('that has lapsed leads to the open form, whoever looks or hands in', async () => {
    const token = signed(payloadOf(Date.now() - 1, 'en'));
    for (const answer of [await get(token), await post(token)]) {
      expect(answer.status).toBe(410);
      const shown = await answer.text();
      expect(shown).toContain('<h1>en lapsed</h1>');
      expect(shown).toContain('<a href="/f/f1">Vos informations</a>');
    }
    expect(await posts()).toEqual([]);
  });

  test('that is published no more is unknown', async () => {
    await relay.asUser('/forms/f1', { method: 'DELETE' });
    expect((await post(signed(payloadOf()))).status).toBe(404);
    expect(await posts()).toEqual([]);
  });
});

describe('what opens nobody’s form', () => {
  const payload = payloadOf();
  const [encoded = '', signature = ''] = signed(payload).split('.');

  test.each([
    ['the email of another reader', () => `${base64url(JSON.stringify(['fr', 'f1', 'o2', payload[3]]))}.${signature}`],
    ['another form', () => `${base64url(JSON.stringify(['fr', 'f2', 'o1', payload[3]]))}.${signature}`],
    ['more time', () => `${base64url(JSON.stringify(['fr', 'f1', 'o1', '9'.repeat(15)]))}.${signature}`],
    ['no signature', () => encoded],
    ['the key of another relay', () => signed(payload, { key: 'the key of the relay next door' })],
    ['the secret of this relay as the key', () => signed(payload, { key: SECRET })],
    ['a link that confirms', () => tokenOf(payload, { page: 'c' })],
    ['a link to unsubscribe', () => tokenOf(payload, { page: 'u' })],
    ['no time', () => signed(['fr', 'f1', 'o1'])],
    ['a time that is none', () => signed(['fr', 'f1', 'o1', 'Infinity'])],
    ['a form that there is not', () => signed(['fr', '../sources', 'o1', payload[3]])],
    ['far too long', () => `${'A'.repeat(8_000)}.${signature}`],
    ['markup', () => encodeURIComponent('<script>alert(1)</script>')]
  ])('%s: said on a page, and nothing is written', async (_, token) => {
    for (const answer of [await get(token()), await post(token())]) {
      expect(answer.status).toBe(404);
      const shown = await answer.text();
      expect(shown).toContain('<h1>fr unknown</h1>');
      expect(shown).not.toContain('<script');
    }
    expect(await posts()).toEqual([]);
  });

  test('nor does the link to a form confirm or unsubscribe', async () => {
    for (const page of ['c', 'u'])
      expect((await relay.call(`/${page}/${signed(payload)}`, { method: 'POST' })).status).toBe(404);
    expect(await posts()).toEqual([]);
  });
});
