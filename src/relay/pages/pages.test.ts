import { createHash, createHmac } from 'node:crypto';
import { inboxPage } from '$lib/core/inbox';
import { pagePost, type FormTexts, type PublishedForm, type PublishedSite, type SiteTexts } from '$lib/core/pages';
import * as v from 'valibot';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { SECRET, startRelay, type Relay } from '../../../tests/loopback/relay';

const KEY = 'a-key-that-only-the-app-and-its-relay-know';

const formTexts: FormTexts = {
  optional: '(optional)',
  trap: 'Leave empty',
  missing: 'Missing.',
  notEmail: 'No address.',
  notFitting: 'Does not fit.',
  consentMissing: 'Agree first.',
  again: 'Once more.',
  wrong: 'See below.',
  email: 'Email',
  phone: 'Phone',
  send: 'Send',
  thanks: 'Thanks'
};
const texts = (language: string): SiteTexts => ({
  form: formTexts,
  unsubscribe: { title: `${language} leave?`, lead: 'One press is enough.', button: 'Leave' },
  unsubscribed: { title: `${language} done`, lead: 'You get no more letters.' },
  unknown: { title: `${language} unknown`, lead: 'This link is not complete.' },
  failed: { title: `${language} failed`, lead: 'Try again.' }
});
const site: PublishedSite = {
  key: KEY,
  language: 'fr',
  look: {
    name: 'Atelier Léa',
    accent: '#b93a24',
    onAccent: '#ffffff',
    text: '#1d1f2b',
    background: '#f6f4ef',
    surface: '#ffffff'
  },
  texts: { fr: texts('fr'), en: texts('en') }
};

const base64url = (text: string) => Buffer.from(text).toString('base64url');
function tokenOf(payload: unknown, { key = KEY, page = 'u' } = {}): string {
  const encoded = base64url(typeof payload === 'string' ? payload : JSON.stringify(payload));
  return `${encoded}.${createHmac('sha256', key).update(`${page}.${encoded}`).digest('base64url')}`;
}

let relay: Relay;
const publish = (content: unknown = site) =>
  relay.asUser('/pages', { method: 'PUT', body: JSON.stringify(content) }).then(({ status }) => status);
const waiting = async () =>
  v
    .parse(inboxPage, await (await relay.asUser('/inbox')).json())
    .items.map(({ kind, sourceId, contentType, body }) => ({
      kind,
      sourceId,
      contentType,
      post: v.parse(pagePost, JSON.parse(body))
    }));
const acknowledge = () =>
  relay.asUser('/inbox/acknowledged', { method: 'POST', body: JSON.stringify({ upTo: Number.MAX_SAFE_INTEGER }) });
const get = (token: string, headers: Record<string, string> = {}) => relay.call(`/u/${token}`, { headers });
const post = (token: string, init: RequestInit = {}) => relay.call(`/u/${token}`, { method: 'POST', ...init });

let contacts = 0;
/** Of a reader of their own: within a minute one link counts once. */
function freshToken(language = 'fr') {
  const payload = [language, `contact-${++contacts}`, 'enrolment/s1/0'];
  return { token: tokenOf(payload), post: { page: 'unsubscribe', contactId: payload[1], outboxId: payload[2] } };
}

beforeAll(async () => {
  relay = await startRelay();
});
beforeEach(async () => {
  await acknowledge();
  expect(await publish()).toBe(204);
});
afterAll(() => relay.stop());

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
      expect(await publish(wrong)).toBe(400);
    expect(await publish({ ...site, more: 'x'.repeat(70_000) })).toBe(400);
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
    expect(await waiting()).toEqual([]);
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
    const items = await waiting();
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
    expect(await waiting()).toMatchObject([{ post: expected }]);
  });

  test('used twice at once it is written down once, and thanks twice', async () => {
    const { token } = freshToken();
    const answers = await Promise.all([post(token), post(token), post(token)]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(await waiting()).toHaveLength(1);
  });

  test('may be used again later: whoever has signed up anew can leave anew', async () => {
    const { token } = freshToken();
    await post(token);
    await acknowledge();
    await relay.sql('UPDATE posts_of_minute SET minute = minute - 1');
    expect((await post(token)).status).toBe(200);
    expect(await waiting()).toHaveLength(1);
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
    expect(await waiting()).toEqual([]);
  });

  test('it is said in the language that the browser asks for', async () => {
    const said = async (wanted: string) => (await get('x.y', { 'accept-language': wanted })).text();
    expect(await said('en-GB,en;q=0.9,fr;q=0.8')).toContain('en unknown');
    expect(await said('fr-CA,en;q=0.5')).toContain('fr unknown');
    expect(await said('de')).toContain('fr unknown');
  });

  test('a body that is too large is refused, and nothing is written', async () => {
    expect((await post(freshToken().token, { body: 'x'.repeat(20_000) })).status).toBe(413);
    expect(await waiting()).toEqual([]);
  });

  test('nobody posts what only the relay may keep', async () => {
    const id = 'someone-pretends-to-be-the-relay';
    const source = JSON.stringify({ kind: 'pages', secret: 'x' });
    await relay.asUser(`/sources/${id}`, { method: 'PUT', body: source });
    const forged = JSON.stringify({ page: 'unsubscribe', contactId: 'c1', outboxId: 'o1' });
    expect((await relay.call(`/in/${id}`, { method: 'POST', body: forged })).status).toBe(401);
    expect(await waiting()).toEqual([]);
  });
});

test('names and texts with markup in them are text', async () => {
  const nasty = `"><img src=x onerror=alert(1)></title></style><script>alert(2)</script>'`;
  const said = { title: nasty, lead: nasty };
  const all: SiteTexts = {
    form: formTexts,
    unsubscribe: { ...said, button: nasty },
    unsubscribed: said,
    unknown: said,
    failed: said
  };
  await publish({ ...site, look: { ...site.look, name: nasty }, texts: { fr: all, en: all } });
  const { token } = freshToken();
  for (const answer of [await get(token), await post(token), await get('x.y')]) {
    const shown = await answer.text();
    expect(shown).not.toMatch(/<img|<script/);
    expect(shown.match(/<\/(?:title|style)>/g)).toHaveLength(2);
    expect(shown).toContain('&lt;script&gt;alert(2)&lt;/script&gt;&#39;');
  }
});

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
  const posts = async () => (await waiting()).map((item) => item.post);
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
