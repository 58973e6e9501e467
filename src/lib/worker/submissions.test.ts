import { describe, expect, test } from 'vitest';
import { create, remove } from '$lib/core/changes';
import { MINUTE } from '$lib/core/instants';
import { besideRelay } from '../../../tests/fixtures/beside-relay';
import { formEdits } from './edits/forms';
import { inboxEdits } from './edits/inbox';
import { Removals } from './removals';
import { type RelayWorld, signUpForm, URL_OF_RELAY } from './testing/relay-world';

let world: RelayWorld;
besideRelay((begun) => {
  world = begun;
});

describe('a form', () => {
  const show = () => world.relay.call('/f/f1');
  const edits = () => formEdits(world.desk, new Removals(world.desk));
  const zoe = { email: 'zoe@exemple.fr', first: 'Zoé', consent: 'yes' };

  test('is nowhere until it is published, follows its changes, and is taken away with it', async () => {
    await world.begin();
    await world.put(create('forms', 'f1', signUpForm));
    await world.look();
    expect((await show()).status).toBe(404);
    await edits().publish('f1', true);
    await world.look();
    expect(await (await show()).text()).toContain('<h1>La lettre</h1>');
    const { id: _, ...draft } = signUpForm;
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
    expect((await world.relayAccount())?.pages?.forms).toEqual({});
  });

  test('that could not be published says why, and is once it can be', async () => {
    await world.begin();
    world.isRelayOut = true;
    await world.put(create('forms', 'f1', { ...signUpForm, isPublic: true }));
    await world.look();
    expect(await world.relayAccount()).toMatchObject({ unpublished: { problem: { key: 'words.relay.no_answer' } } });
    world.isRelayOut = false;
    await world.pass(MINUTE);
    expect((await world.relayAccount())?.unpublished).toBeUndefined();
    expect((await show()).status).toBe(200);
  });

  test('filled in becomes a contact on its list, and starts what waits for that', async () => {
    await world.begin('c1');
    await world.publishForm();
    expect((await world.fill(zoe)).status).toBe(200);
    await world.pass(MINUTE);
    const contact = (await world.all('contacts')).find(({ email }) => email === 'zoe@exemple.fr');
    expect(contact).toMatchObject({ listIds: ['l1'], attributes: { FIRSTNAME: 'Zoé' } });
    const events = (await world.all('events')).filter(({ type }) => type === 'form.submitted');
    expect(events).toMatchObject([{ contactId: contact?.id, properties: { formId: 'f1', consent: 'J’accepte.' } }]);
    expect(await world.enrolment(contact?.id ?? '')).toMatchObject({ stepId: 's1' });
  });

  test('filled in twice by one person makes one contact, and each time is told; a post that is read twice is not', async () => {
    await world.begin('c1');
    await world.publishForm();
    await world.fill(zoe);
    await world.fill({ ...zoe, first: 'Zoé-Marie' });
    const waiting = await world.relay.sql('SELECT * FROM inbox');
    expect(waiting).toHaveLength(2);
    await world.pass(MINUTE);
    // Connected anew it begins from the start.
    const [cursor] = (await world.all('cursors')).filter(({ sourceId }) => sourceId.startsWith('relay'));
    for (const { seq, source_id, kind, received_at, content_type, size, body } of waiting as Record<string, string>[])
      await world.relay.sql(
        'INSERT OR IGNORE INTO inbox VALUES (?, ?, ?, ?, ?, ?, ?)',
        ...[seq, source_id, kind, received_at, content_type, size, body].map((one) => one ?? '')
      );
    await world.put(remove('cursors', cursor!.sourceId));
    await world.pass(MINUTE);
    const found = (await world.all('contacts')).filter(({ email }) => email === 'zoe@exemple.fr');
    // Anybody may have typed the second: what is known stays.
    expect(found).toMatchObject([{ attributes: { FIRSTNAME: 'Zoé' } }]);
    expect((await world.all('events')).filter(({ type }) => type === 'form.submitted')).toHaveLength(2);
  });

  test('that has changed since it was shown puts what does not fit any more apart, where it can be mended', async () => {
    await world.begin('c1');
    await world.publishForm();
    await world.fill({ ...zoe, email: 'zoe@exemple.x' });
    await world.relay.sql(`UPDATE inbox SET body = replace(body, 'zoe@exemple.x', 'zoe')`);
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
    await world.begin('c1');
    await world.publishForm();
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
