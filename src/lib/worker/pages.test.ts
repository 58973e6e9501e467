import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { create, remove, update } from '$lib/core/changes';
import { HOUR, MINUTE } from '$lib/core/instants';
import { PLAIN_BRAND } from '$lib/core/rows/emails';
import type { Form } from '$lib/core/rows/forms';
import type { Account } from '$lib/core/rows/messages';
import { startRelay, type Relay } from '../../../tests/loopback/relay';
import { formEdits } from './edits/forms';
import { inboxEdits } from './edits/inbox';
import { Removals } from './removals';
import { active, START, welcomeGraph, welcomeWorkspace, World } from './testing/world';

const URL_OF_RELAY = 'https://relay.example';

const account = (fields: Record<string, unknown> = {}): Account => ({
  id: 'r1',
  provider: 'relay',
  name: 'Relais',
  fields: { url: `${URL_OF_RELAY}/`, secret: 'of-relay', pagesKey: 'which-signs-its-pages', ...fields },
  createdAt: START
});

interface Sent {
  readonly htmlContent: string;
  readonly textContent: string;
  readonly headers: Record<string, string>;
}

let relay: Relay;
let world: World;
let sent: Sent[];
let isRelayOut: boolean;

beforeAll(async () => {
  relay = await startRelay({ bindings: { SECRET: 'secret of of-relay' } });
  // The first call makes the tables.
  await relay.call('/in/x');
});
afterAll(() => relay.stop());

/** The app beside the real relay, whose clock is of this year; what a provider is given is kept in `sent`. */
beforeEach(async () => {
  await relay.sql('DELETE FROM inbox');
  await relay.sql('DELETE FROM published');
  await relay.sql('DELETE FROM posts_of_minute');
  world = new World();
  sent = [];
  isRelayOut = false;
  world.answer = async (url, init) => {
    if (url.startsWith(URL_OF_RELAY)) {
      if (isRelayOut) throw new TypeError('no network');
      const answer = await relay.call(url.slice(URL_OF_RELAY.length), init);
      return { status: answer.status, body: await answer.text() };
    }
    if (!url.endsWith('/v3/smtp/email')) return { status: 200, body: { events: [] } };
    sent.push(JSON.parse(String(init?.body)) as Sent);
    return { status: 201, body: { messageId: `<m${sent.length}@x>` } };
  };
});

const pagesOf = async () => (await world.all('accounts')).find(({ id }) => id === 'r1');
const linkOf = ({ headers }: Sent) => /<(https:[^>]+)>/.exec(headers['List-Unsubscribe'] ?? '')?.[1] ?? '';
const open = (link: string, method = 'GET') => relay.call(link.slice(URL_OF_RELAY.length), { method });
const sends = async (...contactIds: string[]) => {
  await world.addToList(contactIds, 'l1');
  await world.pass(HOUR);
};

async function begin(...contactIds: string[]) {
  await world.put(...welcomeWorkspace(contactIds, 'acc1'), create('accounts', 'r1', account()));
  await world.open();
}

describe('the pages', () => {
  test('are published once a relay is connected, with the workspace’s name, and only once', async () => {
    await begin();
    expect(await pagesOf()).toMatchObject({
      pages: { url: URL_OF_RELAY, site: expect.stringMatching(/^\w{64}$/) as string }
    });
    await world.pass(HOUR);
    expect(world.calls.filter(({ url }) => url === `${URL_OF_RELAY}/pages`)).toHaveLength(1);
    expect(await (await open(`${URL_OF_RELAY}/u/x.y`)).text()).toMatch(/Atelier[^]*Ce lien ne fonctionne pas/);
  });

  test('are published anew when what they are made of changes', async () => {
    await begin();
    await world.put(
      update('settings', 'workspace', { brand: { ...PLAIN_BRAND, name: 'Chez Léa', accent: '#ffee00' } })
    );
    await world.look();
    const shown = await (await open(`${URL_OF_RELAY}/u/x.y`)).text();
    expect(shown).toContain('Chez Léa');
    // Black can be read on yellow, white cannot.
    expect(shown).toContain('background:#ffee00;color:#1a1a1f');
  });

  test('wait for the network; what fails is said, tried again and then forgotten', async () => {
    isRelayOut = true;
    world.isOnline = false;
    await begin();
    expect(world.calls).toEqual([]);
    expect(await pagesOf()).not.toHaveProperty('unpublished');
    world.isOnline = true;
    await world.look();
    await world.look();
    expect(await pagesOf()).toMatchObject({
      unpublished: { failingSince: START, problem: { key: 'words.relay.no_answer' } }
    });
    const tried = () => world.calls.filter(({ url }) => url.endsWith('/pages')).length;
    expect(tried()).toBe(1);
    isRelayOut = false;
    await world.pass(MINUTE);
    expect(tried()).toBe(2);
    const now = await pagesOf();
    expect(now?.unpublished).toBeUndefined();
    expect(now?.pages?.url).toBe(URL_OF_RELAY);
  });

  test('wait while the secrets are locked', async () => {
    world.isLocked = true;
    await begin();
    expect(await pagesOf()).not.toHaveProperty('pages');
    world.isLocked = false;
    await world.pass(MINUTE);
    expect(await pagesOf()).toHaveProperty('pages');
  });

  test('of an older relay, which knows none, are told to be of another version', async () => {
    await begin();
    world.answer = () => Promise.resolve({ status: 404, body: { error: 'unknown_route', message: '' } });
    await world.put(update('settings', 'workspace', { name: 'Autre' }));
    await world.look();
    expect(await pagesOf()).toMatchObject({ unpublished: { problem: { key: 'words.relay.other_version' } } });
  });
});

describe('a marketing email', () => {
  test('leads to the page in its headers, its HTML and its plain text, signed for its reader alone', async () => {
    await begin('c1', 'c2');
    await sends('c1', 'c2');
    expect(sent).toHaveLength(2);
    const links = sent.map(linkOf);
    expect(new Set(links).size).toBe(2);
    for (const [at, { headers, htmlContent, textContent }] of sent.entries()) {
      expect(headers).toMatchObject({
        'List-Unsubscribe': `<${links[at]}>, <mailto:lea@atelier.fr?subject=unsubscribe>`,
        'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click'
      });
      expect(htmlContent).toContain(`<a href="${links[at]}"`);
      expect(textContent).toContain(links[at]);
      expect(htmlContent + textContent).not.toContain('unsubscribe.invalid');
      expect(Buffer.from(links[at]?.split('/u/')[1] ?? '', 'base64url').toString()).not.toMatch(/exemple|Prénom/);
      expect((await open(links[at] ?? '')).status).toBe(200);
    }
  });

  test('looked at by a program unsubscribes nobody; the button does, before the next email', async () => {
    await begin('c1');
    await sends('c1');
    const [link = ''] = sent.map(linkOf);
    await open(link);
    await open(link, 'HEAD');
    await world.pass(MINUTE);
    expect((await world.all('contacts'))[0]?.blocklist).toBeUndefined();
    // It has another email due, which was written before.
    const again = { ...welcomeGraph, triggers: [{ ...welcomeGraph.triggers[0]!, fields: { listIds: ['l2'] } }] };
    await world.put(...active(again, {}, 'a2'));
    await world.addToList(['c1'], 'l2');
    expect((await open(link, 'POST')).status).toBe(200);
    await world.pass(HOUR);
    const [contact] = await world.all('contacts');
    expect(contact?.blocklist).toMatchObject({ campaigns: true });
    const [event] = (await world.all('events')).filter(({ type }) => type === 'email.unsubscribed');
    expect(event).toMatchObject({ contactId: 'c1', properties: { emailName: 'Bienvenue', messageId: '<m1@x>' } });
    expect(sent).toHaveLength(1);
    expect((await world.outbox()).find(({ automationId }) => automationId === 'a2')).toMatchObject({
      status: 'skipped',
      reason: { key: 'words.outbox.unsubscribed' }
    });
  });

  test('is not sent where its reader unsubscribed between the step and the sending', async () => {
    await begin('c1');
    await sends('c1');
    world.isOnline = false;
    const again = { ...welcomeGraph, triggers: [{ ...welcomeGraph.triggers[0]!, fields: { listIds: ['l2'] } }] };
    await world.put(...active(again, {}, 'a2'));
    await world.addToList(['c1'], 'l2');
    await world.pass(HOUR);
    expect((await world.outbox()).filter(({ status }) => status === 'queued')).toHaveLength(1);
    await open(linkOf(sent[0]!), 'POST');
    world.isOnline = true;
    await world.pass(2 * MINUTE);
    expect(sent).toHaveLength(1);
    expect((await world.outbox()).map(({ status }) => status).sort()).toEqual(['sent', 'skipped']);
  });

  test('of somebody who was found to be somebody else unsubscribes the one who is left; of somebody erased nobody', async () => {
    await begin('c1', 'c2', 'c3');
    await sends('c1', 'c2');
    await world.put(
      update('contacts', 'c1', { mergedInto: 'c3' }),
      remove('contacts', 'c2'),
      ...(await world.outbox()).map(({ id }) => remove('outbox', id))
    );
    for (const email of sent) await open(linkOf(email), 'POST');
    await world.pass(MINUTE);
    const blocked = (await world.all('contacts')).filter(({ blocklist }) => blocklist?.campaigns).map(({ id }) => id);
    expect(blocked).toEqual(['c3']);
  });

  test('is the same at each attempt', async () => {
    await begin('c1');
    const answer = world.answer;
    const bodies: unknown[] = [];
    world.answer = (url, init) => {
      if (!url.endsWith('/v3/smtp/email')) return answer(url, init);
      bodies.push(init?.body);
      return Promise.resolve(
        bodies.length === 1 ? { status: 503, body: {} } : { status: 201, body: { messageId: '<m>' } }
      );
    };
    await sends('c1');
    await world.pass(10 * MINUTE);
    expect(bodies).toHaveLength(2);
    expect(bodies[1]).toBe(bodies[0]);
  });

  test('waits while the key is locked', async () => {
    await begin('c1');
    const open = world.parts.openSecret;
    vi.spyOn(world.parts, 'openSecret').mockImplementation((id) =>
      id === 'which-signs-its-pages' ? Promise.resolve(null) : open(id)
    );
    await sends('c1');
    expect(sent).toEqual([]);
    expect((await world.outbox()).map(({ status }) => status)).toEqual(['queued']);
  });

  test('asks for a message to its sender without a relay, before its pages are there, and after it was taken away', async () => {
    const byMail = { 'List-Unsubscribe': '<mailto:lea@atelier.fr?subject=unsubscribe>' };
    isRelayOut = true;
    await begin('c1', 'c2', 'c3');
    await sends('c1');
    isRelayOut = false;
    await world.pass(MINUTE);
    world.isOnline = false;
    await sends('c2');
    await world.put(remove('accounts', 'r1'));
    world.isOnline = true;
    await world.look();
    await sends('c3');
    expect(sent).toHaveLength(3);
    for (const { headers, htmlContent, textContent } of sent) {
      expect(headers).toMatchObject(byMail);
      expect(headers).not.toHaveProperty('List-Unsubscribe-Post');
      expect(htmlContent).toContain('href="mailto:lea@atelier.fr?subject=unsubscribe"');
      expect(textContent).toContain('mailto:lea@atelier.fr?subject=unsubscribe');
    }
  });
});

describe('a form', () => {
  const form: Form = {
    id: 'f1',
    name: 'Marché',
    type: 'sign_up',
    title: 'La lettre',
    intro: '',
    fields: [
      { id: 'email', asks: { for: 'email' }, label: '', help: '', required: true },
      { id: 'first', asks: { for: 'attribute', attributeId: 'FIRSTNAME' }, label: '', help: '', required: false }
    ],
    listIds: ['l1'],
    consent: 'J’accepte.',
    button: '',
    thanks: '',
    createdAt: START,
    updatedAt: START
  };
  const show = () => relay.call('/f/f1');
  const fill = (values: Record<string, string>) =>
    relay.call('/f/f1', {
      method: 'POST',
      body: new URLSearchParams(values).toString(),
      headers: { 'content-type': 'application/x-www-form-urlencoded' }
    });
  const edits = () => formEdits(world.desk, new Removals(world.desk));
  const zoe = { email: 'zoe@exemple.fr', first: 'Zoé', consent: 'yes' };

  async function withForm() {
    await begin('c1');
    await world.put(create('forms', 'f1', form));
    await edits().publish('f1', true);
    await world.look();
  }

  test('is nowhere until it is published, follows its changes, and is taken away with it', async () => {
    await begin();
    await world.put(create('forms', 'f1', form));
    await world.look();
    expect((await show()).status).toBe(404);
    await edits().publish('f1', true);
    await world.look();
    expect(await (await show()).text()).toContain('<h1>La lettre</h1>');
    const { id: _, ...draft } = form;
    await edits().save({ ...draft, id: 'f1', title: 'Le courrier' });
    await world.look();
    expect(await (await show()).text()).toMatch(/<h1>Le courrier<\/h1>[^]*Prénom/);
    await edits().publish('f1', false);
    await world.look();
    expect((await show()).status).toBe(404);
    await edits().publish('f1', true);
    await world.look();
    await edits().remove('f1');
    await world.look();
    expect((await show()).status).toBe(404);
    expect((await pagesOf())?.pages?.forms).toEqual({});
  });

  test('that could not be published says why, and is once it can be', async () => {
    await begin();
    isRelayOut = true;
    await world.put(create('forms', 'f1', { ...form, isPublic: true }));
    await world.look();
    expect(await pagesOf()).toMatchObject({ unpublished: { problem: { key: 'words.relay.no_answer' } } });
    isRelayOut = false;
    await world.pass(MINUTE);
    expect((await pagesOf())?.unpublished).toBeUndefined();
    expect((await show()).status).toBe(200);
  });

  test('filled in becomes a contact on its list, and starts what waits for that', async () => {
    await withForm();
    expect((await fill(zoe)).status).toBe(200);
    await world.pass(MINUTE);
    const contact = (await world.all('contacts')).find(({ email }) => email === 'zoe@exemple.fr');
    expect(contact).toMatchObject({ listIds: ['l1'], attributes: { FIRSTNAME: 'Zoé' } });
    const events = (await world.all('events')).filter(({ type }) => type === 'form.submitted');
    expect(events).toMatchObject([{ contactId: contact?.id, properties: { formId: 'f1', consent: 'J’accepte.' } }]);
    expect(await world.enrolment(contact?.id ?? '')).toMatchObject({ stepId: 's1' });
  });

  test('filled in twice by one person makes one contact, and each time is told; a post that is read twice is not', async () => {
    await withForm();
    await fill(zoe);
    await fill({ ...zoe, first: 'Zoé-Marie' });
    const waiting = await relay.sql('SELECT * FROM inbox');
    expect(waiting).toHaveLength(2);
    await world.pass(MINUTE);
    // Connected anew it begins from the start.
    const [cursor] = (await world.all('cursors')).filter(({ sourceId }) => sourceId.startsWith('relay'));
    for (const { seq, source_id, kind, received_at, content_type, size, body } of waiting as Record<string, string>[])
      await relay.sql(
        'INSERT OR IGNORE INTO inbox VALUES (?, ?, ?, ?, ?, ?, ?)',
        ...[seq, source_id, kind, received_at, content_type, size, body].map((one) => one ?? '')
      );
    await world.put(remove('cursors', cursor!.sourceId));
    await world.pass(MINUTE);
    const found = (await world.all('contacts')).filter(({ email }) => email === 'zoe@exemple.fr');
    expect(found).toMatchObject([{ attributes: { FIRSTNAME: 'Zoé-Marie' } }]);
    expect((await world.all('events')).filter(({ type }) => type === 'form.submitted')).toHaveLength(2);
  });

  test('that has changed since it was shown puts what does not fit any more apart, where it can be mended', async () => {
    await withForm();
    await fill({ ...zoe, email: 'zoe@exemple.x' });
    await relay.sql(`UPDATE inbox SET body = replace(body, 'zoe@exemple.x', 'zoe')`);
    await world.pass(MINUTE);
    const [post] = await world.all('quarantine');
    expect(post).toMatchObject({ kind: 'pages', reason: { key: 'words.contact.not_an_email' } });
    const inbox = inboxEdits(
      world.desk,
      () => Promise.reject(new Error()),
      () => ''
    );
    const body = post!.body.replace('"zoe"', '"zoe@exemple.fr"');
    expect(await inbox.takeIn(post!.id, post!.body)).toMatchObject({ ok: false });
    expect((await inbox.takeIn(post!.id, body)).ok).toBe(true);
    expect((await world.all('contacts')).some(({ email }) => email === 'zoe@exemple.fr')).toBe(true);
    expect(await world.all('quarantine')).toEqual([]);
  });

  test('for a site posts to its page, by a script or without', async () => {
    await withForm();
    const embed = await edits().embed('f1');
    expect(embed).toMatchObject({
      address: `${URL_OF_RELAY}/f/f1`,
      html: expect.stringContaining(`action="${URL_OF_RELAY}/f/f1"`) as string,
      script: `<script src="${URL_OF_RELAY}/forms.js" defer></script>`
    });
    expect(embed?.html).not.toContain('name="t"');
    await world.put(remove('accounts', 'r1'));
    expect(await edits().embed('f1')).toBeNull();
  });
});
