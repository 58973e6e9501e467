import { createHmac } from 'node:crypto';
import type { PublishedForm } from '$lib/core/pages';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startRelay, type Relay } from '../../../tests/loopback/relay';
import { acknowledge, KEY, publish, waiting, withinOneMinute } from '../testing/pages';

let relay: Relay;
beforeAll(async () => {
  relay = await startRelay();
});
beforeEach(async () => {
  await acknowledge(relay);
  expect(await publish(relay)).toBe(204);
});
afterAll(() => relay.stop());

describe('a form', () => {
  const form: PublishedForm = {
    language: 'fr',
    title: 'La lettre',
    intro: 'Un mot par mois.',
    fields: [
      { id: 'email', label: 'Votre email', help: 'Pour vous écrire.', required: true, input: 'email' },
      { id: 'first', label: 'Prénom', help: '', required: false, input: 'text' },
      {
        id: 'topics',
        label: 'Sujets',
        help: '',
        required: false,
        input: 'choices',
        options: [
          { id: 'a', name: 'Pain' },
          { id: 'b', name: 'Brioche' }
        ]
      }
    ],
    consent: 'J’accepte.',
    button: 'M’inscrire',
    thanks: 'Merci !'
  };
  const good = { email: 'lea@exemple.fr', first: 'Léa', consent: 'yes' };
  const FORM_ENCODED = 'application/x-www-form-urlencoded';

  const put = (content: object = form, id = 'f1') =>
    relay.asUser(`/forms/${id}`, { method: 'PUT', body: JSON.stringify(content) }).then(({ status }) => status);
  const fill = (values: Record<string, string> | [string, string][], headers: Record<string, string> = {}, id = 'f1') =>
    relay.call(`/f/${id}`, {
      method: 'POST',
      body: new URLSearchParams(values).toString(),
      headers: { 'content-type': FORM_ENCODED, ...headers }
    });
  const posts = async () => (await waiting(relay)).map((item) => item.post);
  /** As if the page had been shown so long ago. */
  const timeSigned = (ago: number, { key = KEY, id = 'f1' } = {}) => {
    const at = String(Date.now() - ago);
    return `${at}.${createHmac('sha256', key).update(`f.${id}.${at}`).digest('base64')}`;
  };

  beforeEach(async () => {
    expect(await put()).toBe(204);
  });

  test('is published with the secret alone, and has to be as it should', async () => {
    expect((await relay.call('/forms/f1', { method: 'PUT', body: JSON.stringify(form) })).status).toBe(401);
    expect((await relay.call('/forms/f1', { method: 'DELETE' })).status).toBe(401);
    expect(await put({ ...form, fields: [{ ...form.fields[0], id: '"><script>' }] })).toBe(400);
    expect(await put({ ...form, fields: [{ ...form.fields[0], input: 'file' }] })).toBe(400);
    expect(await put(form, 'a%20b')).toBe(400);
  });

  test('is shown with labels, help and what is asked for, and posts back', async () => {
    const answer = await relay.call('/f/f1');
    expect(answer.status).toBe(200);
    const shown = await answer.text();
    expect(shown).toContain('<label for="f-email">Votre email</label>');
    expect(shown).toContain('id="f-email" name="email" required aria-describedby="h-email" type="email"');
    expect(shown).toContain('<small id="h-email">Pour vous écrire.</small>');
    expect(shown).toContain('<legend>Sujets <small>(optional)</small></legend>');
    expect(shown).toContain('<form method="post" action="/f/f1"');
    expect(shown).not.toMatch(/<script/);
    expect(answer.headers.get('content-security-policy')).toContain("form-action 'self'");
    expect(answer.headers.get('set-cookie')).toBeNull();
    expect((await relay.call('/f/other')).status).toBe(404);
  });

  test('filled in is kept, with what it asks for and nothing else', async () => {
    const answer = await fill([...Object.entries(good), ['topics', 'a'], ['topics', 'b'], ['admin', 'yes']]);
    expect(answer.status).toBe(200);
    expect(await answer.text()).toContain('<h1>Merci !</h1>');
    expect(await posts()).toEqual([
      {
        page: 'form',
        formId: 'f1',
        values: { email: 'lea@exemple.fr', first: 'Léa', topics: ['a', 'b'] },
        consent: true
      }
    ]);
  });

  test('handed in as JSON is answered as JSON', async () => {
    const body = JSON.stringify({ email: 'lea@exemple.fr', topics: ['a'], consent: true });
    const headers = { 'content-type': 'application/json', accept: 'application/json' };
    const answer = await relay.call('/f/f1', { method: 'POST', body, headers });
    expect(await answer.json()).toEqual({ thanks: 'Merci !' });
    expect(answer.headers.get('access-control-allow-origin')).toBe('*');
    expect(await posts()).toMatchObject([{ values: { email: 'lea@exemple.fr', topics: ['a'] }, consent: true }]);
    const wrong = await relay.call('/f/f1', { method: 'POST', body: '{"email":{"a":1}}', headers });
    expect(wrong.status).toBe(422);
    expect(await wrong.json()).toEqual({
      wrong: 'See below.',
      problems: { email: 'Missing.', consent: 'Agree first.' }
    });
  });

  test('with something missing or not right is shown once more, with what was typed and what is wrong', async () => {
    const answer = await fill({ email: 'lea@', first: '"><script>alert(1)</script>', topics: 'z' });
    expect(answer.status).toBe(422);
    const shown = await answer.text();
    expect(shown).toContain('<p role="alert">See below.</p>');
    expect(shown).toContain('aria-describedby="h-email e-email" aria-invalid="true" type="email"');
    expect(shown).toContain('<strong id="e-email">No address.</strong>');
    expect(shown).toContain('<strong id="e-topics">Does not fit.</strong>');
    expect(shown).toContain('<strong id="e-consent">Agree first.</strong>');
    expect(shown).toContain('value="&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;"');
    expect(shown).not.toContain('<script');
    expect(await posts()).toEqual([]);
  });

  test('filled in by a program is thanked for and thrown away', async () => {
    expect((await fill({ ...good, website: 'https://spam.example' })).status).toBe(200);
    expect(await posts()).toEqual([]);
  });

  test('from its own page is refused where it comes too fast, too late, or with a time of somebody else', async () => {
    const forged = [0, 25 * 60 * 60_000].map((ago) => timeSigned(ago));
    const others = [timeSigned(5_000, { key: 'x'.repeat(30) }), timeSigned(5_000, { id: 'f2' }), '1.x', ''];
    for (const t of [...forged, ...others]) {
      const answer = await fill({ ...good, t });
      expect(answer.status).toBe(422);
      expect(await answer.text()).toContain('Once more.');
    }
    expect(await posts()).toEqual([]);
    const [, shown = ''] = / name="t" value="([^"]+)"/.exec(await (await relay.call('/f/f1')).text()) ?? [];
    expect((await fill({ ...good, t: shown })).status).toBe(422);
    expect((await fill({ ...good, t: timeSigned(5_000) })).status).toBe(200);
    expect(await posts()).toHaveLength(1);
  });

  test.each([
    ['too large', { body: `email=${'x'.repeat(70_000)}`, type: FORM_ENCODED, status: 413 }],
    ['of another kind', { body: '--b', type: 'multipart/form-data; boundary=b', status: 400 }],
    ['no JSON', { body: '{', type: 'application/json', status: 400 }],
    ['a list', { body: '[]', type: 'application/json', status: 400 }]
  ])('a body that is %s is refused', async (_, { body, type, status }) => {
    const headers = { 'content-type': type };
    expect((await relay.call('/f/f1', { method: 'POST', body, headers })).status).toBe(status);
    expect(await posts()).toEqual([]);
  });

  test('whose texts have markup in them is shown as text', async () => {
    const nasty = `"><script>alert(1)</script>`;
    const field = { id: 'email', label: nasty, help: nasty, required: true, input: 'email' };
    const choice = { ...field, id: 'c', input: 'choice', options: [{ id: nasty, name: nasty }] };
    await put({
      ...form,
      title: nasty,
      intro: nasty,
      consent: nasty,
      button: nasty,
      thanks: nasty,
      fields: [field, choice]
    });
    const texts = [
      await (await relay.call('/f/f1')).text(),
      await (await fill({ email: 'a@b.fr', c: nasty, consent: 'yes' })).text()
    ];
    for (const text of texts) expect(text).not.toContain('<script');
    expect(await posts()).toHaveLength(1);
  });

  test('that gets more than its share in a minute says so, to a script as JSON', async () => {
    const { answer, page, kept } = await withinOneMinute(async (minute) => {
      await acknowledge(relay);
      await fill(good);
      // As often as is allowed, and until the minute is over.
      await relay.sql("UPDATE posts_of_minute SET posts = 600, minute = ? WHERE source_id = 'f-f1'", minute);
      return { answer: await fill(good, { accept: 'application/json' }), page: await fill(good), kept: await posts() };
    });
    expect(answer.status).toBe(429);
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await answer.json()).toEqual({ wrong: 'fr failed. Try again.', problems: {} });
    expect(await page.text()).toContain('<h1>fr failed</h1>');
    expect(kept).toHaveLength(1);
    await relay.sql('DELETE FROM posts_of_minute');
  });

  test('that was taken away is no more; what was handed in stays', async () => {
    await fill(good);
    expect((await relay.asUser('/forms/f1', { method: 'DELETE' })).status).toBe(204);
    expect((await relay.call('/f/f1')).status).toBe(404);
    expect((await fill(good)).status).toBe(404);
    expect(await posts()).toHaveLength(1);
  });

  test('has a script for sites, which comes from the relay', async () => {
    const answer = await relay.call('/forms.js');
    expect(answer.headers.get('content-type')).toContain('text/javascript');
    expect(await answer.text()).toContain('form[data-ricochet-form]');
  });
});
