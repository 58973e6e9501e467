import { describe, expect, it } from 'vitest';
import type { Attribute, Contact } from '$lib/core/rows/contacts';
import type { Form, FormField } from '$lib/core/rows/forms';
import { CONSENT, readAnswers, type TypedAnswers } from './answers';
import { formRefusal } from './check';
import { needsConfirmation } from './opt-in';
import { submit } from './submit';

const NOW = 1_000;
const attribute = (id: string, kind: Attribute['kind'], options?: Attribute['options']): [string, Attribute] => [
  id,
  { id, name: id.toLowerCase(), kind, ...(options ? { options } : {}), createdAt: 0 }
];
const attributes = new Map([
  attribute('FIRSTNAME', 'text'),
  attribute('BORN', 'date'),
  attribute('CHILDREN', 'number'),
  attribute('TOPICS', 'choices', [
    { id: 'a', name: 'Pain' },
    { id: 'b', name: 'Brioche' }
  ])
]);
const asking = (id: string, asks: FormField['asks'], required = false, label = ''): FormField => ({
  id,
  asks,
  label,
  help: '',
  required
});
const form: Form = {
  id: 'f1',
  name: 'Marché',
  type: 'sign_up',
  title: 'La lettre',
  intro: '',
  fields: [
    asking('email', { for: 'email' }, true, 'Votre email'),
    asking('phone', { for: 'phone' }),
    asking('first', { for: 'attribute', attributeId: 'FIRSTNAME' }),
    asking('born', { for: 'attribute', attributeId: 'BORN' }),
    asking('children', { for: 'attribute', attributeId: 'CHILDREN' }),
    asking('topics', { for: 'attribute', attributeId: 'TOPICS' })
  ],
  listIds: ['l1'],
  consent: 'J’accepte de recevoir la lettre.',
  button: '',
  thanks: '',
  createdAt: 0,
  updatedAt: 0
};
const contact = (more: Partial<Contact> = {}): Contact => ({
  id: 'c1',
  email: 'lea@exemple.fr',
  attributes: { FIRSTNAME: 'Léa' },
  listIds: [],
  listedAt: {},
  createdAt: 0,
  updatedAt: 0,
  ...more
});

function given() {
  let ids = 0;
  return { now: NOW, newId: () => `id${++ids}` };
}
const read = (values: TypedAnswers['values'], consent = true, of = form) =>
  readAnswers(of, { values, consent }, attributes, 'FR');
function submitted(
  values: TypedAnswers['values'],
  known: Contact | null,
  of: Form = form,
  { isFree = true, isTheirs = true } = {}
) {
  return submit(of, answersTo(values, of), { known, isFree, isTheirs }, given());
}
function answersTo(values: TypedAnswers['values'], of: Form = form) {
  const answers = read(values, true, of);
  if (!answers.ok) throw new Error(JSON.stringify(answers.reason));
  return answers.value;
}
const types = ({ events }: ReturnType<typeof submitted>) => events.map(({ type }) => type);

describe('answers', () => {
  it('are read by the kinds of what is asked, and shown by name', () => {
    const answers = read({
      email: ' Lea@Exemple.FR ',
      phone: '06 12 34 56 78',
      first: ' Léa ',
      born: '5/1/1990',
      children: '2',
      topics: ['a', 'b']
    });
    expect(answers).toEqual({
      ok: true,
      value: {
        email: 'Lea@exemple.fr',
        phone: '+33612345678',
        attributes: { FIRSTNAME: 'Léa', BORN: '1990-01-05', CHILDREN: 2, TOPICS: ['a', 'b'] },
        shown: {
          'Votre email': 'Lea@exemple.fr',
          phone: '+33612345678',
          firstname: 'Léa',
          born: '1990-01-05',
          children: 2,
          topics: ['Pain', 'Brioche']
        },
        consent: true
      }
    });
  });

  it('that do not fit are each refused in words of their own', () => {
    const problems = read({ email: 'lea@', phone: '12', born: 'hier', children: 'deux', topics: ['z'] }, false);
    expect(problems.ok ? [] : problems.reason.map(({ fieldId, words }) => [fieldId, words.key])).toEqual([
      ['email', 'words.contact.not_an_email'],
      ['phone', 'words.contact.not_a_phone'],
      ['born', 'words.value.not_a_date'],
      ['children', 'words.value.not_a_number'],
      ['topics', 'words.value.not_an_option'],
      [CONSENT, 'words.form.consent_missing']
    ]);
    expect(read({ first: 'Léa' })).toMatchObject({
      ok: false,
      reason: [{ fieldId: 'email', words: { key: 'words.form.missing' } }]
    });
  });

  it('with markup in them are text', () => {
    const typed = '<img src=x onerror="alert(1)"><script>alert(2)</script>{{ contact.EMAIL }}';
    expect(read({ email: 'a@b.fr', first: typed })).toMatchObject({
      ok: true,
      value: { attributes: { FIRSTNAME: typed } }
    });
    expect(read({ email: { toString: () => 'a@b.fr' } })).toMatchObject({ ok: false });
  });

  it('of two fields with one name are both kept', () => {
    const twice = {
      ...form,
      fields: [
        asking('email', { for: 'email' }, true, 'A'),
        asking('first', { for: 'attribute', attributeId: 'FIRSTNAME' }, false, 'A')
      ]
    };
    expect(read({ email: 'a@b.fr', first: 'Léa' }, true, twice)).toMatchObject({
      value: { shown: { A: 'a@b.fr', 'A 2': 'Léa' } }
    });
  });
});

describe('a sign-up', () => {
  it('makes a contact on the form’s lists, and keeps what was agreed to and when', () => {
    const effect = submitted({ email: 'lea@exemple.fr', first: 'Léa' }, null);
    expect(effect.changes.map(({ table }) => table)).toEqual(['contacts', 'identities']);
    expect(effect.changes[0]?.create).toMatchObject({
      email: 'lea@exemple.fr',
      listIds: ['l1'],
      attributes: { FIRSTNAME: 'Léa' }
    });
    expect(types(effect)).toEqual(['contact.created', 'contact.added_to_list', 'form.submitted']);
    expect(effect.events[2]).toMatchObject({
      contactId: effect.contactId,
      properties: {
        formId: 'f1',
        formType: 'sign_up',
        fields: { firstname: 'Léa' },
        consent: form.consent,
        consentAt: NOW
      }
    });
    expect(effect.events[1]?.properties).toMatchObject({ via: 'form' });
  });

  it('updates whoever has the address, leaves what was not answered, and takes nobody’s number', () => {
    const effect = submitted({ email: 'lea@exemple.fr', phone: '0612345678', children: '1' }, contact(), form, {
      isFree: false
    });
    expect(effect.contactId).toBe('c1');
    expect(effect.changes).toEqual([
      { table: 'contacts', id: 'c1', set: { 'attributes.CHILDREN': 1, updatedAt: NOW } },
      expect.objectContaining({ addToSet: { listIds: ['l1'] } })
    ]);
  });

  it('by somebody who had unsubscribed lifts that only by a new agreement', () => {
    const blocked = contact({ blocklist: { campaigns: true, transactionalSenderIds: ['e1'] } });
    const agreed = submitted({ email: 'lea@exemple.fr' }, blocked);
    expect(agreed.changes[0]).toMatchObject({
      set: { blocklist: { campaigns: false, transactionalSenderIds: ['e1'] } }
    });
    const silent = submitted({ email: 'lea@exemple.fr' }, blocked, { ...form, consent: '' });
    expect(silent.changes.every(({ set }) => set?.['blocklist'] === undefined)).toBe(true);
  });
});

describe('what anybody may have typed', () => {
  const stranger = { isTheirs: false };
  const profile: Form = { ...form, type: 'profile_update', consent: '' };
  const blocked = contact({ blocklist: { campaigns: true, transactionalSenderIds: [] } });
  const setBy = ({ changes }: ReturnType<typeof submitted>): string[] =>
    changes.flatMap(({ set = {} }) => Object.keys(set));

  it('fills in what nobody knew of a contact, adds to the lists, and overwrites nothing', () => {
    const typed = { email: 'LEA@exemple.fr', phone: '0612345678', first: 'Hacked', children: '1', topics: ['a'] };
    const effect = submitted(typed, contact({ attributes: { FIRSTNAME: 'Léa', TOPICS: ['b'] } }), form, stranger);
    expect(setBy(effect)).toEqual(['attributes.CHILDREN', 'updatedAt', 'listedAt.l1', 'updatedAt']);
    expect(effect.changes).toContainEqual(expect.objectContaining({ addToSet: { listIds: ['l1'] } }));
    expect(types(effect)).toEqual(['contact.added_to_list', 'form.submitted']);
  });

  it('gives no contact a number: what is written to them would reach whoever typed it', () => {
    const effect = submitted({ email: 'lea@exemple.fr', phone: '0612345678' }, contact(), form, stranger);
    expect(effect.changes.some(({ table, set }) => table === 'identities' || set?.['phone'] !== undefined)).toBe(false);
  });

  it('lifts no unsubscription', () => {
    expect(setBy(submitted({ email: 'lea@exemple.fr' }, blocked, form, stranger))).not.toContain('blocklist');
  });

  it('updates no profile', () => {
    expect(submitted({ email: 'lea@exemple.fr', first: 'Léo' }, contact(), profile, stranger)).toMatchObject({
      contactId: null,
      changes: [],
      events: [{ type: 'form.submitted', contactId: null }]
    });
  });

  it('makes a contact of whom nobody knew', () => {
    const effect = submitted({ email: 'zoe@exemple.fr', phone: '0612345678', first: 'Zoé' }, null, form, stranger);
    expect(effect.changes[0]?.create).toMatchObject({ phone: '+33612345678', attributes: { FIRSTNAME: 'Zoé' } });
  });

  it.each([
    ['a profile of somebody who is known', profile, contact(), false, true],
    ['a profile of nobody', profile, null, false, false],
    ['a profile that its own person fills in', profile, contact(), true, false],
    ['somebody new', form, null, false, false],
    ['somebody who is known', form, contact(), false, false],
    ['somebody who has unsubscribed and agrees anew', form, blocked, false, true],
    ['the same, themselves', form, blocked, true, false],
    ['somebody who has unsubscribed, where nothing is agreed to', { ...form, consent: '' }, blocked, false, false],
    ['somebody who leaves', { ...form, type: 'unsubscribe' as const, consent: '' }, contact(), false, false],
    ['a form that always asks, filled in by hand', { ...form, confirmation: { senderId: 'e1', subject: '', text: '', button: '' } }, null, true, true] // prettier-ignore
  ])('is to be confirmed by email: %s', (_, of, known, isTheirs, expected) => {
    expect(needsConfirmation(of, answersTo({ email: 'lea@exemple.fr', first: 'Léo' }, of), known, isTheirs)).toBe(
      expected
    );
  });
});

describe('an unsubscription', () => {
  const leaving: Form = { ...form, type: 'unsubscribe', consent: '', fields: [asking('email', { for: 'email' })] };

  it('puts the contact on the blocklist first, takes it off the lists, and tells of both', () => {
    const effect = submitted({ email: 'lea@exemple.fr' }, contact({ listIds: ['l1', 'l2'] }), leaving);
    expect(effect.changes[0]).toMatchObject({ set: { blocklist: { campaigns: true } } });
    expect(effect.changes[1]).toMatchObject({ removeFromSet: { listIds: ['l1'] } });
    expect(types(effect)).toEqual(['contact.removed_from_list', 'email.unsubscribed', 'form.submitted']);
  });

  it('by an address that nobody has changes nothing, and does not tell who is known', () => {
    const effect = submitted({ email: 'x@exemple.fr' }, null, leaving);
    expect(effect).toMatchObject({
      contactId: null,
      changes: [],
      events: [{ type: 'form.submitted', contactId: null }]
    });
    expect(read({}, true, leaving)).toMatchObject({ ok: false, reason: [{ fieldId: 'email' }] });
  });
});

describe('an update of the profile', () => {
  const profile: Form = { ...form, type: 'profile_update', consent: '' };

  it('changes the attributes of the contact known by the address, and no lists', () => {
    const effect = submitted({ email: 'LEA@exemple.fr', first: 'Léo' }, contact(), profile);
    expect(effect.changes.some(({ addToSet }) => addToSet)).toBe(false);
    expect(effect.changes.at(-1)).toMatchObject({ set: { 'attributes.FIRSTNAME': 'Léo' } });
    expect(submitted({ email: 'x@exemple.fr', first: 'Léo' }, null, profile).changes).toEqual([]);
  });
});

describe('a form', () => {
  it('is refused in words while something does not fit', () => {
    const refused = (change: Partial<Form>) => formRefusal({ ...form, ...change }, attributes)?.key;
    expect(formRefusal(form, attributes)).toBeNull();
    expect(refused({ type: 'other' as never })).toBe('words.form.broken');
    expect(refused({ fields: [asking('a', { for: 'phone' })] })).toBeUndefined();
    expect(refused({ type: 'unsubscribe', fields: [asking('a', { for: 'phone' })] })).toBe('words.form.no_address');
    expect(refused({ fields: [asking('a', { for: 'email' }), asking('b', { for: 'email' })] })).toBe(
      'words.form.asked_twice'
    );
    expect(
      refused({ fields: [asking('a', { for: 'email' }), asking('b', { for: 'attribute', attributeId: 'OLD' })] })
    ).toBe('words.form.attribute_gone');
    expect(refused({ intro: 'x'.repeat(5_001) })).toBe('words.form.too_long');
  });
});
