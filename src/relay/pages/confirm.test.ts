import type { PublishedForm } from '$lib/core/pages';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { SECRET, startRelay, type Relay } from '../../../tests/loopback/relay';
import { acknowledge, base64url, publish, sealedOf, site, tokenOf, waiting } from '../testing/pages';

let relay: Relay;
beforeAll(async () => {
  relay = await startRelay();
});
beforeEach(async () => {
  await acknowledge(relay);
  expect(await publish(relay)).toBe(204);
  await relay.asUser('/forms/f1', { method: 'DELETE' });
});
afterAll(() => relay.stop());

const DAY = 86_400_000;
const get = (token: string, way = '') => relay.call(`/c/${token}${way}`);
const post = (token: string, init: RequestInit = {}, way = '') =>
  relay.call(`/c/${token}${way}`, { method: 'POST', ...init });
const refuse = (token: string) => post(token, {}, '/no');
const fill = (token: string, values: Record<string, string>) =>
  post(token, { body: new URLSearchParams(values).toString(), headers: { 'content-type': 'application/x-www-form-urlencoded' } }, '/own'); // prettier-ignore

let optIns = 0;
const payloadOf = (until = Date.now() + DAY, language = 'fr', ...sealed: string[]) => [language, `opt-in-${++optIns}`, 'f1', String(until), ...sealed]; // prettier-ignore
const signed = (payload: unknown, options: { key?: string; page?: string } = {}) =>
  tokenOf(payload, { page: 'c', ...options });

const form: PublishedForm = {
  language: 'fr',
  title: 'La lettre',
  intro: '',
  fields: [
    { id: 'email', label: 'Email', help: '', required: true, input: 'email' },
    { id: 'first', label: 'Prénom', help: '', required: true, input: 'text' }
  ],
  consent: '',
  button: 'M’inscrire',
  thanks: 'Look into your mail.'
};
async function publishForm(more: Partial<PublishedForm> = {}): Promise<void> {
  const { status } = await relay.asUser('/forms/f1', { method: 'PUT', body: JSON.stringify({ ...form, ...more }) });
  expect(status).toBe(204);
}
const asking = (...answers: [string, string][]) => signed(payloadOf(undefined, 'fr', sealedOf({ answers, hasMore: false }))); // prettier-ignore

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
    const payload = payloadOf();
    expect(await (await post(signed(payload))).text()).toContain('Thank you.');
    await publishForm({ confirmed: 'Voici le guide : <b>' });
    const again = await (await post(signed(payloadOf()))).text();
    expect(again).toContain('<h1>fr confirmed</h1>');
    expect(again).toContain('Voici le guide : &lt;b&gt;');
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
    for (const answer of [await get(token), await post(token), await refuse(token), await get(token, '/own')]) {
      expect(answer.status).toBe(410);
      expect(await answer.text()).toContain('<h1>fr lapsed</h1>');
    }
    expect(await waiting(relay)).toEqual([]);
  });

  test.each(['', '/no'])('refuses a body that is too large: %s', async (way) => {
    expect((await post(signed(payloadOf()), { body: 'x'.repeat(20_000) }, way)).status).toBe(413);
    expect(await waiting(relay)).toEqual([]);
  });
});

describe('what somebody has filled in', () => {
  test('is shown to whoever reads the address, with what they agree to, and stands nowhere in the link', async () => {
    await publishForm({ consent: 'J’accepte\nde recevoir <la lettre>.' });
    const token = asking(['Prénom', 'Zoé'], ['Né·e le', '1 mai 1990']);
    const shown = await (await get(token)).text();
    expect(shown).toContain('<h2>Filled in</h2>');
    expect(shown).toContain('<dt>Prénom</dt><dd><bdi>Zoé</bdi></dd><dt>Né·e le</dt><dd><bdi>1 mai 1990</bdi></dd>');
    expect(shown).toContain('You agree to:</small>J’accepte<br>de recevoir &lt;la lettre&gt;.');
    expect(shown).not.toContain('And more.');
    expect(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString()).not.toMatch(/Zoé|1 mai|1990/);
    const cut = signed(payloadOf(undefined, 'fr', sealedOf({ answers: [['Prénom', 'Zoé']], hasMore: true })));
    expect(await (await get(cut)).text()).toContain('And more.');
  });

  test.each([
    ['markup', '<img src=x onerror=alert(1)>'],
    ['the end of a page', '</bdi></dd></dl><form action="https://evil.example"><button>Win</button></form>'],
    ['an address', 'https://evil.example/win?you=1'],
    ['what looks like a link', '<a href="https://evil.example">click</a>'],
    ['quotes', `"'\` onload=alert(1) x="`],
    ['what could be replaced', '${button} $& {{ email }}']
  ])('is text, whatever it is: %s', async (_, given) => {
    const plain = await (await get(asking(['Prénom', 'Zoé']))).text();
    const shown = await (await get(asking([given, given]))).text();
    const tags = (text: string) => [...text.matchAll(/<[a-z][^>]*>/g)].map(([tag]) => tag.replace(/\/c\/[\w.-]+/, ''));
    expect(tags(shown)).toEqual(tags(plain));
    expect(shown).not.toMatch(/href="https:|<script/);
  });

  test.each([
    ['none, of an email of an older version', () => []],
    [
      'sealed with another key',
      () => [sealedOf({ answers: [['Prénom', 'Zoé']], hasMore: false }, 'another-key-than-ours')]
    ],
    ['no answers', () => [sealedOf('{"answers":"Zoé"}')]],
    ['no JSON', () => [sealedOf('Zoé')]],
    ['too short for a nonce', () => ['Wm_D']],
    ['no base64', () => ['!']],
    ['longer than a page of ours', () => [sealedOf({ answers: [['Prénom', 'Zoé'.repeat(200)]], hasMore: false })]]
  ])('is not shown where it cannot be read, and can be confirmed all the same: %s', async (_, sealed) => {
    const token = signed(payloadOf(undefined, 'fr', ...sealed()));
    const answer = await get(token);
    expect(answer.status).toBe(200);
    const shown = await answer.text();
    expect(shown).not.toMatch(/<dl>|Zoé/);
    expect(shown).toContain('<button>Confirm</button>');
    expect((await post(token)).status).toBe(200);
    expect(await waiting(relay)).toHaveLength(1);
  });

  test('is not shown either while the app has published its pages for an older relay', async () => {
    const { answers: _, ...confirm } = site.texts.fr.confirm;
    const { refused: __, ...fr } = { ...site.texts.fr, confirm };
    expect(await publish(relay, { ...site, texts: { fr, en: site.texts.en } })).toBe(204);
    const token = asking(['Prénom', 'Zoé']);
    const shown = await (await get(token)).text();
    expect(shown).toContain('<form method="post"><button>Confirm</button></form>');
    expect(shown).not.toMatch(/Zoé|\/no"|\/own"/);
    expect(await (await post(token)).text()).toContain('<h1>fr confirmed</h1>');
  });
});

describe('whoever did not fill it in', () => {
  test('says so by a button, not by looking; the link can do nothing else any more', async () => {
    const payload = payloadOf();
    const token = signed(payload);
    expect(await (await get(token)).text()).toContain(
      `<form method="post" action="/c/${token}/no"><button class="quiet">Not me`
    );
    expect((await get(token, '/no')).status).toBe(405);
    expect(await waiting(relay)).toEqual([]);
    for (const said of [await refuse(token), await refuse(token), await get(token), await post(token)])
      expect(await said.text()).toContain('<h1>fr refused</h1>');
    expect((await waiting(relay)).map(({ post: deed }) => deed)).toEqual([{ page: 'refuse', optInId: payload[1] }]);
  });

  test('who has confirmed is told so, and does not undo it by going back', async () => {
    await publishForm();
    const token = signed(payloadOf());
    await post(token);
    for (const said of [
      await refuse(token),
      await get(token),
      await get(token, '/own'),
      await fill(token, { first: 'Zoé' })
    ])
      expect(await said.text()).toContain('<h1>fr confirmed</h1>');
    expect(await waiting(relay)).toHaveLength(1);
  });

  test.each([false, true])(
    'fills in the form themselves, without their address (having refused: %s)',
    async (hasRefused) => {
      await publishForm({ confirmed: 'Bienvenue.' });
      const payload = payloadOf();
      const token = signed(payload);
      if (hasRefused) await refuse(token);
      expect(await (await get(token)).text()).toContain(`href="/c/${token}/own"`);
      const empty = await get(token, '/own');
      expect(empty.headers.get('content-security-policy')).toContain(`frame-ancestors 'none'`);
      const shown = await empty.text();
      expect(shown).toContain(`action="/c/${token}/own"`);
      expect(shown).not.toContain('type="email"');
      expect((await fill(token, { first: '' })).status).toBe(422);
      const before = (await waiting(relay)).length;
      expect(await (await fill(token, { first: 'Zoé', email: 'other@exemple.fr' })).text()).toContain('Bienvenue.');
      const posts = (await waiting(relay)).slice(before);
      expect(posts.map(({ post: deed }) => deed)).toEqual([
        { page: 'own', optInId: payload[1], formId: 'f1', values: { first: 'Zoé' }, consent: false }
      ]);
      expect(await (await get(token)).text()).toContain('Bienvenue.');
    }
  );

  test('a program that fills it in is thanked, and has said nothing', async () => {
    await publishForm();
    const token = signed(payloadOf());
    expect((await fill(token, { first: 'Bot', website: 'x' })).status).toBe(200);
    expect(await waiting(relay)).toEqual([]);
    expect(await (await get(token)).text()).toContain('<button>Confirm</button>');
  });

  test('has no form to fill in where it is not published', async () => {
    const token = signed(payloadOf());
    expect(await (await get(token)).text()).not.toContain('/own');
    expect((await get(token, '/own')).status).toBe(404);
    expect((await fill(token, { first: 'Zoé' })).status).toBe(404);
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
    const ways = [await get(token()), await post(token()), await refuse(token()), await get(token(), '/own'), await fill(token(), { first: 'Zoé' })]; // prettier-ignore
    for (const answer of ways) {
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
