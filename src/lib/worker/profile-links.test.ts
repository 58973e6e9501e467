import { describe, expect, test } from 'vitest';
import { create, remove, update } from '$lib/core/changes';
import { DAY, HOUR, MINUTE } from '$lib/core/instants';
import type { Form } from '$lib/core/rows/forms';
import { besideRelay } from '../../../tests/fixtures/beside-relay';
import { erasure } from './erasing';
import { formEdits } from './edits/forms';
import { Removals } from './removals';
import { signedToken } from './signed-links';
import { type RelayWorld, signUpForm, URL_OF_RELAY } from './testing/relay-world';

let world: RelayWorld;
besideRelay((begun) => {
  world = begun;
  // Links lapse by the clock of the relay.
  world.now = Date.now();
});

const profile: Form = { ...signUpForm, id: 'p1', name: 'Profil', type: 'profile_update', consent: '', listIds: [] };
const HTML = '<p><a href="{{ profile_url }}">Mes informations</a></p>';
const firstNames = async () =>
  Object.fromEntries((await world.all('contacts')).map(({ id, attributes }) => [id, attributes['FIRSTNAME']]));
const submissions = async () => (await world.all('events')).filter(({ type }) => type === 'form.submitted');

/** Contacts as `begin` of the world makes them, whom their addresses lead to. */
async function begin(...contactIds: string[]): Promise<void> {
  await world.begin(...contactIds);
  await world.put(...contactIds.map((id) => identity(`${id}@exemple.fr`, id)));
}
const identity = (value: string, contactId: string) =>
  create('identities', ['email', value], { kind: 'email', value, contactId });

/** Of a welcome email to each of these contacts. */
async function links(...contactIds: string[]): Promise<string[]> {
  await begin(...contactIds);
  for (const { id } of await world.all('templates')) await world.put(update('templates', id, { html: HTML }));
  await world.publishForm(profile);
  await world.welcome(...contactIds);
  // They leave side by side, in any order.
  return contactIds.flatMap((id) => world.linksTo('p', `${id}@exemple.fr`));
}
async function handIn(link: string, values: Record<string, string> = { first: 'Léo' }): Promise<number> {
  const { status } = await world.fill(values, link);
  await world.pass(MINUTE);
  return status;
}
async function strangerTypes(email: string, form = profile): Promise<void> {
  expect((await world.fill({ email, first: 'Hacked', consent: 'yes' }, `${URL_OF_RELAY}/f/${form.id}`)).status).toBe(
    200
  );
  await world.pass(MINUTE);
}

describe('the link to the profile in an email', () => {
  test('is signed for its reader in HTML and text, names nobody, and what they hand in by it counts at once', async () => {
    const [one = '', two = ''] = await links('c1', 'c2');
    expect(one).not.toBe(two);
    for (const { htmlContent, textContent } of world.sent) {
      expect(htmlContent).toContain(`href="${URL_OF_RELAY}/p/`);
      expect(htmlContent + textContent).not.toMatch(/\.invalid/);
    }
    expect(Buffer.from(one.split('/p/')[1] ?? '', 'base64url').toString()).not.toMatch(/exemple|Prénom/);
    expect(await handIn(one)).toBe(200);
    expect(await firstNames()).toEqual({ c1: 'Léo', c2: 'Prénom c2' });
    expect(await submissions()).toMatchObject([
      { contactId: 'c1', properties: { formId: 'p1', formType: 'profile_update' } }
    ]);
    expect(world.sent).toHaveLength(2);
    expect(await world.all('optIns')).toEqual([]);
  });

  test('handed in twice counts twice; read twice from the inbox it counts once', async () => {
    const [link = ''] = await links('c1');
    await handIn(link);
    await handIn(link, { first: 'Léon' });
    expect(await firstNames()).toEqual({ c1: 'Léon' });
    const before = await submissions();
    expect(before).toHaveLength(2);
    world.isOnline = false;
    await world.fill({ first: 'Lou' }, link);
    const waiting = await world.relay.sql('SELECT * FROM inbox');
    world.isOnline = true;
    await world.pass(MINUTE);
    for (const { seq, source_id, kind, received_at, content_type, size, body } of waiting as Record<string, string>[])
      await world.relay.sql(
        'INSERT OR IGNORE INTO inbox VALUES (?, ?, ?, ?, ?, ?, ?)',
        ...[seq, source_id, kind, received_at, content_type, size, body].map((one) => one ?? '')
      );
    const [cursor] = (await world.all('cursors')).filter(({ sourceId }) => sourceId.startsWith('relay'));
    await world.put(remove('cursors', cursor!.sourceId));
    await world.pass(MINUTE);
    expect(await submissions()).toHaveLength(3);
  });

  test('of somebody who was found to be somebody else is theirs as long as the address is', async () => {
    const [link = ''] = await links('c1', 'c2');
    await world.put(
      update('contacts', 'c1', { mergedInto: 'c2' }),
      update('identities', ['email', 'c1@exemple.fr'], { contactId: 'c2' })
    );
    await handIn(link);
    expect((await firstNames())['c2']).toBe('Léo');
    expect((await world.all('contacts')).find(({ id }) => id === 'c2')?.email).toBe('c2@exemple.fr');
  });

  test('of an email that went to an address which is theirs no longer changes nothing, and is seen', async () => {
    const [link = ''] = await links('c1', 'c2');
    await world.put(
      update('contacts', 'c1', { email: 'new@exemple.fr' }),
      remove('identities', ['email', 'c1@exemple.fr']),
      identity('new@exemple.fr', 'c1')
    );
    await handIn(link);
    expect((await firstNames())['c1']).toBe('Prénom c1');
    expect(await world.all('quarantine')).toMatchObject([{ reason: { key: 'words.form.not_their_link' } }]);
  });

  test('of somebody who was erased does nothing', async () => {
    const [link = ''] = await links('c1', 'c2');
    await world.storage.transact(async (transaction) => {
      const person = (await transaction.get('contacts', 'c1'))!;
      await transaction.apply(await erasure(transaction, [person], world.now, new Set(['c1'])));
    });
    await handIn(link);
    expect(await firstNames()).toEqual({ c2: 'Prénom c2' });
    expect(await submissions()).toEqual([]);
  });

  test('with the key of this workspace and an email that it never sent changes nothing', async () => {
    await links('c1');
    const token = await signedToken('secret of which-signs-its-pages', 'p', [
      'fr',
      'p1',
      'c1',
      String(world.now + DAY)
    ]);
    expect(await handIn(`${URL_OF_RELAY}/p/${token}`)).toBe(200);
    expect(await firstNames()).toEqual({ c1: 'Prénom c1' });
    expect(await world.all('quarantine')).toMatchObject([{ reason: { key: 'words.form.not_their_link' } }]);
  });

  test('leads to no form that does something else by now', async () => {
    const [link = ''] = await links('c1');
    await world.put(update('forms', 'p1', { type: 'unsubscribe' }));
    await handIn(link);
    expect((await world.all('contacts'))[0]?.blocklist).toBeUndefined();
    expect(await world.all('quarantine')).toMatchObject([{ reason: { key: 'words.form.no_profile' } }]);
  });

  test('is a message to the sender where no such form is published, and where the relay is gone', async () => {
    await begin('c1', 'c2');
    for (const { id } of await world.all('templates')) await world.put(update('templates', id, { html: HTML }));
    await world.welcome('c1');
    await world.publishForm(profile);
    world.isOnline = false;
    await world.welcome('c2');
    await world.put(remove('accounts', 'r1'));
    world.isOnline = true;
    await world.look();
    expect(world.sent).toHaveLength(2);
    for (const { htmlContent, textContent } of world.sent) {
      expect(htmlContent).toContain('href="mailto:lea@atelier.fr?subject=profile"');
      expect(textContent).not.toMatch(/\.invalid/);
    }
  });
});

describe('a stranger who knows an address', () => {
  test('changes no profile: whoever reads that address is asked, and only then it counts', async () => {
    await links('c1', 'c2');
    const before = await world.all('contacts');
    await strangerTypes('C1@exemple.fr');
    expect(await world.all('contacts')).toEqual(before);
    expect(await submissions()).toEqual([]);
    const asked = world.sent.filter(({ textContent }) => textContent.includes('/c/'));
    expect(asked).toMatchObject([{ subject: 'Confirmez vos informations', to: [{ email: 'C1@exemple.fr' }] }]);
    expect(JSON.stringify(asked)).not.toContain('Hacked');
    expect(await world.press(world.linksTo('c')[0]!)).toBe(200);
    expect(await firstNames()).toEqual({ c1: 'Hacked', c2: 'Prénom c2' });
    expect(Number((await submissions())[0]?.properties['confirmedAt'])).toBeGreaterThan(0);
  });

  test('asks them at most once an hour', async () => {
    await links('c1');
    for (let times = 0; times < 5; times++) await strangerTypes('c1@exemple.fr');
    expect(world.sent.filter(({ textContent }) => textContent.includes('/c/'))).toHaveLength(1);
  });

  test('learns of nobody whether they are known: the page says the same', async () => {
    await links('c1');
    const said = async (email: string) => (await world.fill({ email, first: 'Hacked' }, `${URL_OF_RELAY}/f/p1`)).text();
    expect(await said('c1@exemple.fr')).toBe(await said('nobody@exemple.fr'));
    await world.pass(MINUTE);
    expect(world.sent.map(({ to }) => to[0]?.email)).not.toContain('nobody@exemple.fr');
    expect(await submissions()).toMatchObject([{ contactId: null }]);
  });

  test('by a sign-up overwrites nothing of theirs, fills in what was missing, and gives them no number', async () => {
    await begin('c1', 'c2');
    await world.put(update('contacts', 'c2', { attributes: {} }));
    const phone = { id: 'phone', asks: { for: 'phone' as const }, label: '', help: '', required: false };
    await world.publishForm({ ...signUpForm, fields: [...signUpForm.fields, phone] });
    for (const email of ['c1@exemple.fr', 'C2@exemple.fr'])
      await world.fill({ email, first: 'Hacked', phone: '0612345678', consent: 'yes' });
    await world.pass(MINUTE);
    expect(await firstNames()).toEqual({ c1: 'Prénom c1', c2: 'Hacked' });
    const contacts = await world.all('contacts');
    expect(contacts).toMatchObject([{ listIds: ['l1'] }, { email: 'c2@exemple.fr', listIds: ['l1'] }]);
    expect(contacts.every((contact) => contact.phone === undefined)).toBe(true);
  });

  test('by a sign-up does not bring back who has unsubscribed: they are asked, and do so themselves', async () => {
    await begin('c1');
    const campaigns = async () => (await world.all('contacts'))[0]?.blocklist?.campaigns;
    await world.put(update('contacts', 'c1', { blocklist: { campaigns: true, transactionalSenderIds: [] } }));
    await world.publishForm();
    await strangerTypes('c1@exemple.fr', signUpForm);
    await world.pass(HOUR);
    expect(await campaigns()).toBe(true);
    expect(world.sent).toMatchObject([{ subject: 'Confirmez votre inscription' }]);
    await world.press(world.linksTo('c')[0]!);
    expect(await campaigns()).toBe(false);
  });
});

test('on this device, which its owner has handed over, an update counts at once', async () => {
  await begin('c1');
  await world.put(create('forms', 'p1', profile));
  const typed = { values: { email: 'c1@exemple.fr', first: 'Léo' }, consent: false };
  expect((await formEdits(world.desk, new Removals(world.desk)).submit('p1', typed)).ok).toBe(true);
  expect(await firstNames()).toEqual({ c1: 'Léo' });
});
