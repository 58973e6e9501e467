import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { create, update } from '$lib/core/changes';
import { SECOND } from '$lib/core/instants';
import { TABLE_NAMES } from '$lib/core/tables';
import { KEPT_TESTS, TEST_TAG } from '$lib/core/test-messages';
import { templateEdits } from './edits/messages';
import { Removals } from './removals';
import { attributes, brevoAccount, contact, sender, settings, World } from './testing/world';

let world: World;
beforeEach(async () => {
  world = new World();
  await world.put(
    create('settings', 'workspace', settings),
    ...attributes.map((row) => create('attributes', row.id, row)),
    create('contacts', 'c1', contact('c1')),
    create('accounts', 'acc1', brevoAccount),
    create('senders', 'e1', sender(null)),
    create('senders', 'e2', { ...sender('acc1'), id: 'e2' })
  );
});
afterEach(() => world.close());

const email = {
  subject: "Bonjour {{ contact.FIRSTNAME | default: 'vous' }}",
  html: '<p>Pour {{ contact.FIRSTNAME }} : {{ event.items[0].name }}</p>'
};
const send = (more: { contactId?: string; senderId?: string | null; to?: string } = {}) =>
  templateEdits(world.desk, new Removals(world.desk), world.parts.render).sendTest({
    ...{ ...email, contactId: 'c1', senderId: 'e1', to: 'moi@atelier.fr' },
    ...more
  });
const kept = async () => (await world.all('runtime')).flatMap((row) => (row.id === 'tests' ? row.messages : []));
const everything = async () =>
  JSON.stringify(
    await Promise.all(TABLE_NAMES.filter((table) => table !== 'runtime').map((table) => world.all(table)))
  );

describe('a test of an email', () => {
  test('without an account is in the mailbox of the Sandbox alone, as its reader would get it', async () => {
    const before = await everything();
    const sent = await send();
    expect(sent.ok && sent.value.mailboxId).toMatch(/^test-/);
    expect(await kept()).toMatchObject([
      {
        contactId: 'c1',
        request: {
          subject: '[Test] Bonjour Prénom c1',
          to: { email: 'moi@atelier.fr' },
          from: { name: 'Léa', email: 'lea@atelier.fr' },
          html: expect.stringContaining('Pour Prénom c1 : Carnet') as string
        }
      }
    ]);
    expect(await everything()).toBe(before);
  });

  test('leaves through the account of the sender, marked as a test, and nothing is written', async () => {
    world.answer = () => Promise.resolve({ status: 201, body: { messageId: '<m1>' } });
    const before = await everything();
    expect(await send({ senderId: 'e2' })).toEqual({ ok: true, value: { mailboxId: null } });
    expect(world.calls.map(({ url }) => url)).toEqual(['http://127.0.0.1:9/v3/smtp/email']);
    expect(JSON.parse(String(world.calls[0]?.init?.body))).toMatchObject({
      to: [{ email: 'moi@atelier.fr' }],
      subject: '[Test] Bonjour Prénom c1',
      tags: [TEST_TAG]
    });
    expect([await everything(), await kept()]).toEqual([before, []]);
  });

  test('may be written before there is a sender', async () => {
    expect(await send({ senderId: null })).toMatchObject({ ok: true });
    expect(await kept()).toHaveLength(1);
  });

  test.each([
    [{ status: 401, body: {} }, 'words.provider.brevo_key_refused'],
    [{ status: 400, body: { message: 'sender not valid' } }, 'words.provider.sender_refused'],
    [{ status: 429, body: {} }, 'words.provider.too_fast'],
    [{ status: 502, body: '' }, 'words.test.unsure']
  ])('that the provider answers with %j fails in words, and the account goes on', async (answer, key) => {
    world.answer = () => Promise.resolve(answer);
    expect(await send({ senderId: 'e2' })).toMatchObject({ ok: false, reason: { key } });
    expect((await world.all('accounts'))[0]?.paused).toBeUndefined();
  });

  test('does not leave while the device is offline, or the keys are locked', async () => {
    world.isOnline = false;
    expect(await send({ senderId: 'e2' })).toMatchObject({ ok: false, reason: { key: 'words.test.offline' } });
    expect(await send({ senderId: 'e1' })).toMatchObject({ ok: true });
    world.isOnline = true;
    world.isLocked = true;
    expect(await send({ senderId: 'e2' })).toMatchObject({ ok: false, reason: { key: 'words.test.locked' } });
    expect(world.calls).toEqual([]);
  });

  test('needs an address and a sender that is there', async () => {
    expect(await send({ to: 'moi' })).toMatchObject({ ok: false, reason: { key: 'words.contact.not_an_email' } });
    expect(await send({ senderId: 'gone' })).toMatchObject({ ok: false, reason: { key: 'words.sender.gone' } });
  });

  test('is kept among the last ones, newest first, until the contact it was written for is erased', async () => {
    for (let times = 0; times < KEPT_TESTS + 2; times++) {
      world.now += SECOND;
      await send();
    }
    const ats = (await kept()).map(({ at }) => at);
    expect(ats).toHaveLength(KEPT_TESTS);
    expect(ats).toEqual([...ats].sort((one, other) => other - one));
    await send({ contactId: 'nobody' });
    await world.open();
    await world.put(update('contacts', 'c1', { hiddenAt: world.now }));
    await world.pass(31 * SECOND);
    expect((await kept()).map(({ contactId }) => contactId)).toEqual(['nobody']);
  });
});
