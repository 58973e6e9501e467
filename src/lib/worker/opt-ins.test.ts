import { describe, expect, test } from 'vitest';
import { create, remove, update } from '$lib/core/changes';
import { DAY, HOUR, MINUTE } from '$lib/core/instants';
import type { Form } from '$lib/core/rows/forms';
import { besideRelay } from '../../../tests/fixtures/beside-relay';
import { erasure } from './erasing';
import { formEdits } from './edits/forms';
import { outboxEdits } from './edits/outbox';
import { personalData } from './personal-data';
import { Removals } from './removals';
import { type RelayWorld, signUpForm, URL_OF_RELAY, type Sent } from './testing/relay-world';
import { contact } from './testing/world';

let world: RelayWorld;
besideRelay((begun) => {
  world = begun;
});

const form: Form = {
  ...signUpForm,
  confirmation: { senderId: 'e1', subject: '', text: 'Bonjour <b>vous</b>', button: '' }
};
const zoe = { email: 'Zoe@exemple.fr', first: 'Zoé', consent: 'yes' };
const links = () => world.linksTo('c');
const zoes = async () => (await world.all('contacts')).filter(({ email }) => email?.toLowerCase() === 'zoe@exemple.fr');
const eventTypes = async () => (await world.all('events')).map(({ type }) => type);
const asking = async () => (await world.outbox()).filter(({ optInId }) => optInId !== undefined);

/** The time of the world is that of the relay, by whose clock links lapse. */
async function withForm(more: Partial<Form> = {}): Promise<void> {
  world.now = Date.now();
  await world.begin('c1');
  await world.publishForm({ ...form, ...more });
}
async function handIn(values: Record<string, string> = zoe): Promise<void> {
  expect((await world.fill(values)).status).toBe(200);
  await world.pass(MINUTE);
}
async function press(link: string): Promise<void> {
  expect(await world.press(link)).toBe(200);
}
async function answerThemselves(link: string, values: Record<string, string>): Promise<void> {
  expect((await world.fill(values, `${link}/own`)).status).toBe(200);
  await world.pass(MINUTE);
}

describe('a form that asks for a confirmation', () => {
  test('says where to look, and makes nobody a contact before; the email names nobody and tells nothing that was typed', async () => {
    await withForm();
    expect(await (await world.fill(zoe)).text()).toContain('ouvrez l’email');
    await world.pass(MINUTE);
    expect(await zoes()).toEqual([]);
    expect(await eventTypes()).toEqual([]);
    expect(await world.all('enrolments')).toEqual([]);
    expect(await world.all('optIns')).toMatchObject([{ formId: 'f1', address: 'zoe@exemple.fr', asked: 1 }]);
    expect(world.sent).toHaveLength(1);
    const [email] = world.sent;
    expect(email).toMatchObject({ to: [{ email: 'Zoe@exemple.fr' }], subject: 'Confirmez votre inscription' });
    expect(email?.htmlContent).toContain('Bonjour &lt;b&gt;vous&lt;/b&gt;');
    expect(email?.htmlContent).toContain(`href="${links()[0]!}"`);
    expect(`${email?.htmlContent} ${email?.textContent}`).not.toMatch(/Zoé|confirm\.invalid/);
    expect(Buffer.from(links()[0]!.split('/c/')[1] ?? '', 'base64url').toString()).not.toMatch(/exemple|Zoé/i);
  });

  test('once it is confirmed: the contact is made and listed, what waits for that starts, and what was agreed to when is kept', async () => {
    await withForm();
    await handIn();
    const handedInAt = (await world.all('optIns'))[0]!.handedInAt;
    await world.visit(links()[0]!);
    await world.visit(links()[0]!, 'HEAD');
    await world.pass(HOUR);
    expect(await zoes()).toEqual([]);
    await press(links()[0]!);
    const [found] = await zoes();
    expect(found).toMatchObject({ listIds: ['l1'], attributes: { FIRSTNAME: 'Zoé' } });
    const told = (await world.all('events')).find(({ type }) => type === 'form.submitted');
    expect(told).toMatchObject({ contactId: found?.id, properties: { consent: 'J’accepte.', consentAt: handedInAt } });
    expect(Number(told?.properties['confirmedAt'])).toBeGreaterThanOrEqual(handedInAt);
    expect(await world.enrolment(found!.id)).toMatchObject({ stepId: 's1' });
    expect(await world.all('optIns')).toEqual([]);
    expect(await asking()).toMatchObject([{ contactId: found?.id, status: 'sent' }]);
  });

  test('confirmed once more it does nothing, also after the contact has left', async () => {
    await withForm();
    await handIn();
    await press(links()[0]!);
    const [found] = await zoes();
    await world.put(update('contacts', found!.id, { blocklist: { campaigns: true, transactionalSenderIds: [] } }));
    await world.relay.sql('DELETE FROM posts_of_minute');
    await press(links()[0]!);
    expect(await zoes()).toMatchObject([{ blocklist: { campaigns: true } }]);
    expect((await eventTypes()).filter((type) => type === 'form.submitted')).toHaveLength(1);
  });

  test('handed in again within an hour asks nobody again, and changes nothing of what is confirmed, whoever has typed it', async () => {
    await withForm();
    await handIn();
    await handIn({ ...zoe, first: 'Une inconnue' });
    expect(world.sent).toHaveLength(1);
    await press(links()[0]!);
    expect(await zoes()).toMatchObject([{ attributes: { FIRSTNAME: 'Zoé' } }]);
  });

  test.each([0, 1])(
    'handed in again later it asks again, and link %d confirms what it was written about',
    async (at) => {
      await withForm();
      await handIn();
      await world.pass(HOUR);
      await handIn({ ...zoe, email: 'zoe@exemple.fr', first: 'Zoë' });
      expect(world.sent).toHaveLength(2);
      expect(new Set((await asking()).map(({ id }) => id)).size).toBe(2);
      const first = ['Zoé', 'Zoë'][at];
      await press(links()[at]!);
      expect(await zoes()).toMatchObject([{ attributes: { FIRSTNAME: first } }]);
      expect(await world.all('optIns')).toEqual([]);
      // Of the two, one was meant.
      await press(links()[1 - at]!);
      expect(await zoes()).toMatchObject([{ attributes: { FIRSTNAME: first } }]);
    }
  );

  test('of somebody who is known asks them too, and changes nothing of theirs before', async () => {
    await withForm();
    await world.put(create('contacts', 'z', contact('z', { email: 'zoe@exemple.fr' })), create('identities', ['email', 'zoe@exemple.fr'], { kind: 'email', value: 'zoe@exemple.fr', contactId: 'z' })); // prettier-ignore
    await handIn();
    expect(await zoes()).toMatchObject([{ listIds: [], attributes: { FIRSTNAME: 'Prénom z' } }]);
    expect(await asking()).toMatchObject([{ contactId: 'z', status: 'sent' }]);
    await press(links()[0]!);
    expect(await zoes()).toMatchObject([{ id: 'z', listIds: ['l1'], attributes: { FIRSTNAME: 'Zoé' } }]);
  });

  test('on this device asks as well', async () => {
    await withForm();
    const typed = { values: { email: 'zoe@exemple.fr', first: 'Zoé' }, consent: true };
    const done = await formEdits(world.desk, new Removals(world.desk)).submit('f1', typed);
    expect(done.ok).toBe(true);
    await world.look();
    expect(await zoes()).toEqual([]);
    await press(links()[0]!);
    expect(await zoes()).toHaveLength(1);
  });

  test('whose form is gone waits for somebody to look', async () => {
    await withForm();
    await handIn();
    await world.put(remove('forms', 'f1'));
    await press(links()[0]!);
    expect(await world.all('quarantine')).toMatchObject([{ kind: 'pages', reason: { key: 'words.form.gone' } }]);
  });
});

describe('what a stranger has typed with somebody’s address', () => {
  const advertisement = { ...zoe, first: 'Gagnez 1000 € sur https://evil.example' };

  test('is nowhere in the email, whoever decodes it, and is shown on the page, as text, with what is agreed to', async () => {
    await withForm();
    await handIn(advertisement);
    const [{ htmlContent, textContent, subject }] = world.sent as [Sent];
    const decoded = links()[0]!.split('/c/')[1]?.split('.').map((part) => Buffer.from(part, 'base64url').toString()); // prettier-ignore
    const everything = [htmlContent, textContent, subject, ...(decoded ?? [])].join('\n');
    // Not `decodeURIComponent`: what is encrypted has per cents of its own now and then.
    const unescaped = everything.replace(/%([\da-f]{2})/gi, (_, code: string) =>
      String.fromCharCode(parseInt(code, 16))
    );
    expect(`${everything}\n${unescaped}`).not.toMatch(/Gagnez|evil/);
    const shown = await (await world.visit(links()[0]!)).text();
    expect(shown).toContain('<dt>Prénom</dt><dd><bdi>Gagnez 1000 € sur https://evil.example</bdi></dd>');
    expect(shown).not.toContain('href="https://evil');
    expect(shown).toMatch(/Vous acceptez[^<]*<\/small>J’accepte\./);
  });

  test('is in the same link at each attempt to send the email', async () => {
    await withForm();
    const bodies: string[] = [];
    const answer = world.answer;
    world.answer = (url, init) => {
      if (url.endsWith('/v3/smtp/email')) bodies.push(String(init?.body));
      return bodies.length === 1 ? Promise.resolve({ status: 503, body: {} }) : answer(url, init);
    };
    await handIn();
    await world.pass(HOUR);
    expect(bodies).toHaveLength(2);
    expect(bodies[1]).toBe(bodies[0]);
  });

  test('refused by whoever reads the address is erased, and they are left alone for seven days', async () => {
    await withForm();
    await handIn(advertisement);
    const [link = ''] = links();
    await press(`${link}/no`);
    expect(await world.all('optIns')).toMatchObject([
      { values: {}, consent: false, refusedAt: expect.any(Number) as number }
    ]);
    expect(JSON.stringify([await world.outbox(), await world.all('optIns')])).not.toContain('Gagnez');
    await press(link);
    for (let day = 0; day < 3; day++) {
      await world.pass(2 * DAY);
      await handIn({ ...advertisement, first: `Encore ${day}` });
    }
    expect(world.sent).toHaveLength(1);
    expect([await zoes(), await eventTypes()]).toEqual([[], []]);
    await world.pass(DAY);
    await handIn();
    expect(world.sent).toHaveLength(2);
  });

  test('refused while the app does not know yet that the email has left: it does not leave once more', async () => {
    await withForm();
    const answer = world.answer;
    const isSending = (url: string) => url.endsWith('/v3/smtp/email');
    world.answer = async (url, init) => {
      const given = await answer(url, init);
      return isSending(url) ? { status: 503, body: {} } : given;
    };
    await handIn();
    await press(`${links()[0]!}/no`);
    expect(await asking()).toMatchObject([{ status: 'cancelled' }]);
    expect(JSON.stringify(await asking())).not.toContain('Zo%C3%A9');
    await world.pass(DAY);
    expect(world.sent).toHaveLength(1);
  });

  test.each([false, true])(
    'gives way to their own answers, which count at once (having refused: %s)',
    async (hasRefused) => {
      await withForm();
      await handIn(advertisement);
      const handedInAt = (await world.all('optIns'))[0]!.handedInAt;
      const [link = ''] = links();
      if (hasRefused) await press(`${link}/no`);
      await answerThemselves(link, { first: 'Zoé', consent: 'yes', email: 'other@exemple.fr' });
      expect(await zoes()).toMatchObject([{ attributes: { FIRSTNAME: 'Zoé' }, listIds: ['l1'] }]);
      expect((await world.all('contacts')).some(({ email }) => email === 'other@exemple.fr')).toBe(false);
      const told = (await world.all('events')).filter(({ type }) => type === 'form.submitted');
      expect(told).toHaveLength(1);
      expect(told[0]?.properties['consentAt']).toBe(told[0]?.properties['confirmedAt']);
      expect(told[0]?.properties['consentAt']).toBeGreaterThanOrEqual(handedInAt);
      expect(await world.all('optIns')).toEqual([]);
      // Their link has done what it can.
      await answerThemselves(link, { first: 'Une inconnue', consent: 'yes' });
      await press(link);
      expect(await zoes()).toMatchObject([{ attributes: { FIRSTNAME: 'Zoé' } }]);
    }
  );

  test('refused where the form is gone by now is refused all the same', async () => {
    await withForm();
    await handIn(advertisement);
    await world.put(remove('forms', 'f1'));
    await press(`${links()[0]!}/no`);
    expect(await world.all('quarantine')).toEqual([]);
    expect(await world.all('optIns')).toMatchObject([{ values: {} }]);
  });
});

describe('a sign-up that nobody confirms', () => {
  test('is forgotten after seven days with its emails, and its link does nothing any more', async () => {
    await withForm();
    await handIn();
    const [link = ''] = links();
    await world.pass(7 * DAY - 2 * MINUTE);
    expect(await world.all('optIns')).toHaveLength(1);
    await world.pass(5 * MINUTE);
    expect(await world.all('optIns')).toEqual([]);
    expect(await asking()).toEqual([]);
    await press(link);
    expect(await zoes()).toEqual([]);
    expect(await world.all('quarantine')).toEqual([]);
  });

  test('is not, while a confirmation that was given in time may still wait on the relay', async () => {
    await withForm();
    await handIn();
    await world.visit(links()[0]!, 'POST');
    world.isRelayOut = true;
    await world.pass(8 * DAY);
    expect(await world.all('optIns')).toHaveLength(1);
    world.isRelayOut = false;
    await world.pass(MINUTE);
    expect(await zoes()).toHaveLength(1);
    expect(await world.all('optIns')).toEqual([]);
  });

  test('goes with the person, and is in the file of what is known of them', async () => {
    await withForm();
    await handIn();
    await world.put(create('contacts', 'z', contact('z', { email: 'zoe@exemple.fr' })));
    const file = await world.storage.read((reader) => personalData(reader, 'z', world.now));
    expect(file?.tables.optIns).toMatchObject([{ address: 'zoe@exemple.fr' }]);
    expect(file?.tables.outbox).toHaveLength(1);
    await world.storage.transact(async (transaction) => {
      const person = (await transaction.get('contacts', 'z'))!;
      await transaction.apply(await erasure(transaction, [person], world.now, new Set(['z'])));
    });
    expect(await world.all('optIns')).toEqual([]);
    expect(await asking()).toEqual([]);
    await press(links()[0]!);
    expect(await zoes()).toEqual([]);
  });
});

describe('the email that asks', () => {
  test('waits where there is no relay, says why, and leaves once there is one', async () => {
    await withForm();
    await world.put(remove('accounts', 'r1'));
    const typed = { values: { email: 'zoe@exemple.fr' }, consent: true };
    await formEdits(world.desk, new Removals(world.desk)).submit('f1', typed);
    await world.look();
    expect(world.sent).toEqual([]);
    expect(await asking()).toMatchObject([{ status: 'queued', reason: { key: 'words.outbox.no_pages' } }]);
    const { fields } = { fields: { url: URL_OF_RELAY, secret: 'of-relay', pagesKey: 'which-signs-its-pages' } };
    await world.put(create('accounts', 'r2', { id: 'r2', provider: 'relay', name: 'Relais', fields, createdAt: world.now })); // prettier-ignore
    await world.pass(MINUTE);
    await world.pass(MINUTE);
    expect(world.sent).toHaveLength(1);
    await press(links()[0]!);
    expect(await zoes()).toHaveLength(1);
  });

  test('that the provider refuses is seen among what has failed, and is sent again by hand under its key', async () => {
    await withForm();
    const answer = world.answer;
    world.answer = (url, init) =>
      url.endsWith('/v3/smtp/email')
        ? Promise.resolve({ status: 400, body: { code: 'invalid_parameter', message: 'email is not valid in to' } })
        : answer(url, init);
    await handIn();
    const [failed] = await asking();
    expect(failed?.status).toBe('failed');
    world.answer = answer;
    await outboxEdits(world.desk).retry([failed!.id]);
    await world.look();
    expect(await asking()).toMatchObject([{ id: failed?.id, status: 'sent' }]);
    await press(links()[0]!);
    expect(await zoes()).toHaveLength(1);
  });

  test('comes from another sender where the form’s is gone', async () => {
    await withForm({ confirmation: { senderId: 'gone', subject: 'Oui ?', text: '', button: 'Oui' } });
    await handIn();
    expect(world.sent).toMatchObject([{ subject: 'Oui ?' }]);
    expect(await asking()).toMatchObject([{ request: { from: { email: 'lea@atelier.fr' } } }]);
  });
});
