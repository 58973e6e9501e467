import type { Attribute } from '$lib/core/rows/contacts';
import { describe, expect, it } from 'vitest';
import { suggestMapping } from './mapping';
import { rowReader } from './row-reader';

const attribute = (id: string, kind: Attribute['kind'] = 'text', name = id): Attribute => ({
  id,
  name,
  kind,
  createdAt: 1
});

describe('what the columns most likely are', () => {
  const attributes = [attribute('FIRSTNAME'), attribute('LASTNAME'), attribute('VIP', 'yesNo', 'Client préféré')];

  it.each([
    [['Prénom', 'NOM', 'E-mail', 'Téléphone', 'client préféré'], ['attribute:FIRSTNAME', 'attribute:LASTNAME', 'email', 'phone', 'attribute:VIP']], // prettier-ignore
    [['First Name', 'last_name', 'Email Address', 'Mobile Phone', 'vip'], ['attribute:FIRSTNAME', 'attribute:LASTNAME', 'email', 'phone', 'attribute:VIP']], // prettier-ignore
    [
      ['Adresse e-mail', 'Mail', 'Ville', 'ID client', '#4'],
      ['email', null, null, 'externalId', null]
    ]
  ])('%j', (headers, targets) => {
    expect(Object.values(suggestMapping(headers, attributes))).toEqual(targets);
  });
});

describe('a row of the file', () => {
  const read = rowReader({
    headers: ['mail', 'tel', 'âge', 'note'],
    mapping: { mail: 'email', tel: 'phone', âge: 'attribute:AGE', note: null },
    attributes: new Map([['AGE', attribute('AGE', 'number')]]),
    country: 'FR'
  });

  it('becomes a contact; an empty field says nothing', () => {
    expect(read([' Lea@X.fr', '06 12 34 56 78', '1 234,5', 'x'])).toEqual({
      ok: true,
      value: { email: 'Lea@x.fr', phone: '+33612345678', attributes: { AGE: 1234.5 } }
    });
    expect(read(['lea@x.fr', '', '', ''])).toEqual({ ok: true, value: { email: 'lea@x.fr', attributes: {} } });
    expect(read(['lea@x.fr', '', '', '', '', ' ']).ok).toBe(true);
  });

  it.each([
    [['lea@x.fr', ''], 'words.import.too_few_fields'],
    [['lea@x.fr', '', '', '', 'more'], 'words.import.too_many_fields'],
    [['lea@', '', '', ''], 'words.contact.not_an_email'],
    [['', '12', '', ''], 'words.contact.not_a_phone'],
    [['lea@x.fr', '', 'dix', ''], 'words.value.not_a_number'],
    [['', '', '', 'x'], 'words.contact.unknown_by_anything']
  ])('%j is refused with %s', (fields, key) => {
    expect(read(fields)).toMatchObject({ ok: false, reason: { key } });
  });
});
