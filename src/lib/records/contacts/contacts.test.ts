import { CONTACT_TABLES, type Tables } from '$lib/core/tables';
import type { Contact } from '$lib/core/rows/contacts';
import { MemoryStorage } from '$lib/storage/memory';
import { describe, expect, it } from 'vitest';
import type { Cause } from './cause';
import { identityKeysOf, readContact, refuseTaken } from './contact-fields';
import { createContact } from './create';
import { eraseContact } from './erase';
import { identitiesOf, parseEmail, parsePhone } from './identity';
import { updateContact } from './update';

const cause = (more: Partial<Cause> = {}): Cause => {
  let last = 0;
  return { now: 1_000, newId: () => `id${++last}`, via: 'manual', ...more };
};

describe('an address', () => {
  it.each([
    [' Lea.Martin+news@Example.ORG ', 'Lea.Martin+news@example.org', 'lea.martin+news@example.org'],
    ['\ufefflea@exemple.fr\u200b', 'lea@exemple.fr', 'lea@exemple.fr'],
    ["o'neil@sub.domain.co.uk", "o'neil@sub.domain.co.uk", "o'neil@sub.domain.co.uk"],
    ['josé@café.fr', 'josé@café.fr', 'josé@café.fr'],
    ['x@xn--caf-dma.fr', 'x@xn--caf-dma.fr', 'x@xn--caf-dma.fr']
  ])('%j is shown as %j and known as %j', (text, shown, value) => {
    expect(parseEmail(text)).toEqual({ ok: true, value: { shown, value } });
  });

  it.each([
    '',
    'lea',
    'lea@',
    '@exemple.fr',
    'lea@exemple',
    'le a@exemple.fr',
    'lea@exem ple.fr',
    'lea@@exemple.fr',
    '.lea@exemple.fr',
    'lea.@exemple.fr',
    'l..ea@exemple.fr',
    'lea@-exemple.fr',
    'lea@exemple..fr',
    'Léa <lea@exemple.fr>',
    'a,b@exemple.fr',
    `${'a'.repeat(65)}@exemple.fr`,
    `a@${'b'.repeat(250)}.fr`
  ])(
    // prettier-ignore
    'refuses %j',
    (text) => {
      expect(parseEmail(text)).toMatchObject({ ok: false, reason: { key: 'words.contact.not_an_email' } });
    }
  );
});

describe('a phone number', () => {
  it.each([
    ['06 12 34 56 78', 'FR', '+33612345678'],
    ['+33 (0)6.12.34.56.78', 'FR', '+33612345678'],
    ['+33612345678', 'US', '+33612345678'],
    ['0033 6 12 34 56 78', 'FR', '+33612345678'],
    ['(202) 555-0123', 'US', '+12025550123']
  ])('%j in %s is %s', (text, country, value) => {
    expect(parsePhone(text, country)).toEqual({ ok: true, value });
  });

  it.each(['12', 'demain', '06 12', '+'])('refuses %j', (text) => {
    expect(parsePhone(text, 'FR')).toMatchObject({ ok: false, reason: { key: 'words.contact.not_a_phone' } });
  });
});

describe('what was typed', () => {
  it('must make the contact known by something', () => {
    expect(readContact({ email: '  ', attributes: {} }, 'FR')).toMatchObject({
      ok: false,
      reason: { key: 'words.contact.unknown_by_anything' }
    });
    expect(readContact({ phone: '06 12 34 56 78', attributes: { A: 1 } }, 'FR')).toEqual({
      ok: true,
      value: { phone: '+33612345678', attributes: { A: 1 } }
    });
  });

  it('must not be what another contact has', () => {
    const fields = { email: 'Lea@x.fr', attributes: {} };
    expect(identityKeysOf(fields)).toEqual([['email', 'lea@x.fr']]);
    const found = [{ kind: 'email' as const, value: 'lea@x.fr', contactId: 'c1' }];
    expect(refuseTaken(fields, found, null)).toMatchObject({ ok: false, reason: { key: 'words.contact.taken_email' } });
    expect(refuseTaken(fields, found, 'c1').ok).toBe(true);
    expect(refuseTaken(fields, [undefined], null).ok).toBe(true);
  });
});

describe('a contact', () => {
  it('is created with its identities, lists and events, and is updated with them', async () => {
    const storage = new MemoryStorage();
    const fields = { email: 'Lea@x.fr', phone: '+33612345678', attributes: { CITY: 'Lyon', AGE: null } };
    const made = createContact(fields, ['l1'], cause({ via: 'form' }));
    await storage.commit(made.changes);
    expect(made.events.map(({ type, properties }) => [type, properties])).toEqual([
      ['contact.created', { via: 'form' }],
      ['contact.added_to_list', { listId: 'l1', via: 'form', moved: false }]
    ]);
    const identities = () =>
      storage.read(async (reader) => (await reader.query('identities', {})).map(({ kind, value }) => [kind, value]));
    const contact = (await storage.read((reader) => reader.get('contacts', made.contact.id))) as Contact;
    expect(contact).toEqual({
      id: 'id1',
      email: 'Lea@x.fr',
      phone: '+33612345678',
      attributes: { CITY: 'Lyon' },
      listIds: ['l1'],
      listedAt: { l1: 1_000 },
      createdAt: 1_000,
      updatedAt: 1_000
    });
    expect(await identities()).toEqual([['email', 'lea@x.fr'], ['phone', '+33612345678']]); // prettier-ignore

    const patch = { email: 'lea@y.fr', phone: null, externalId: 'x9', attributes: { CITY: null, AGE: 9 } };
    await storage.commit(updateContact(contact, patch, cause({ now: 2_000 })).changes);
    expect(await storage.read((reader) => reader.get('contacts', 'id1'))).toMatchObject({
      email: 'lea@y.fr',
      externalId: 'x9',
      attributes: { AGE: 9 },
      updatedAt: 2_000
    });
    expect(await identities()).toEqual([['email', 'lea@y.fr'], ['external', 'x9']]); // prettier-ignore
  });

  it('keeps its identity where only the capitals of the address change, and changes nothing where nothing changes', () => {
    const { contact } = createContact({ email: 'lea@x.fr', attributes: { A: 1 } }, [], cause());
    const effect = updateContact(contact, { email: 'Lea@x.fr', attributes: {} }, cause());
    expect(effect.changes.map(({ table }) => table)).toEqual(['contacts']);
    expect(updateContact(contact, { email: 'lea@x.fr', phone: null, attributes: { A: 1 } }, cause()).changes).toEqual(
      []
    );
  });

  it('is erased from every table that names it, and leaves a tombstone of its id', async () => {
    const storage = new MemoryStorage();
    const { changes, events, contact } = createContact({ email: 'lea@x.fr', attributes: {} }, ['l1'], cause());
    const stored = events.map((event) => ({ table: 'events' as const, id: event.id, create: event }));
    const journal: Tables['journal'] = { enrolmentId: 'n1', seq: 0, contactId: contact.id, automationId: 'a', versionId: 'v', entries: [] }; // prettier-ignore
    await storage.commit([...changes, ...stored, { table: 'journal', id: ['n1', 0], create: journal }]);
    const other = createContact({ email: 'max@x.fr', attributes: {} }, [], cause({ newId: () => 'other' }));
    await storage.commit(other.changes);
    const none = { enrolments: [], outbox: [], tasks: [], memberships: [], ledger: [], vouchers: [], rollups: [], checkMembers: [] }; // prettier-ignore
    const rows = { identities: identitiesOf(contact), events, journal: [journal], ...none };
    await storage.commit(eraseContact(contact, rows, 5_000).changes);
    for (const table of CONTACT_TABLES) {
      const left = await storage.read((reader) => reader.query(table, {}));
      expect(left.filter((row) => row.contactId === contact.id)).toEqual([]);
    }
    expect(await storage.read((reader) => reader.query('contacts', {}))).toHaveLength(1);
    expect(await storage.read((reader) => reader.query('tombstones', {}))).toEqual([{ id: contact.id, at: 5_000 }]);
  });
});
