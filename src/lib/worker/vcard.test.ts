import { describe, expect, test } from 'vitest';
import { cardsOf, isVcards, openVcards } from './vcard';

const only = (...lines: string[]) => {
  const [first, ...others] = cardsOf(['BEGIN:VCARD', ...lines, 'END:VCARD', ''].join('\r\n'));
  if (!first || !('card' in first) || others.length > 0) throw new Error('not one card');
  return Object.fromEntries(Object.entries(first.card).filter(([, value]) => value !== ''));
};

describe('a card', () => {
  test('of 2.1, with quoted-printable in two charsets, a soft line break, and bare types', () => {
    expect(
      only(
        'VERSION:2.1',
        'N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:Lef=C3=A8vre;=C3=89lo=',
        '=C3=AFse;;;',
        'FN;CHARSET=ISO-8859-1;ENCODING=QUOTED-PRINTABLE:=C9lo=EFse',
        'NOTE;QUOTED-PRINTABLE:Une ligne=0D=0Aet 1+1=3D2',
        'TEL;HOME;VOICE:01 23 45 67 89',
        'TEL;CELL:06 12 34 56 78',
        'TEL;FAX;WORK:01 98 76 54 32',
        'EMAIL;PREF;INTERNET:eloise@x.fr'
      )
    ).toEqual({
      'Last name': 'Lefèvre',
      'First name': 'Éloïse',
      'Full name': 'Éloïse',
      Note: 'Une ligne\r\net 1+1=2',
      Phone: '06 12 34 56 78',
      'Phone 2': '01 23 45 67 89',
      Email: 'eloise@x.fr'
    });
  });

  test('of 3.0, folded, escaped, grouped, with several addresses and a photo', () => {
    expect(
      only(
        'VERSION:3.0',
        'N:Martin;Léa;Anne;Mme;',
        'FN:Léa Martin',
        'ORG:Atelier\\, Léa & Cie;Ventes',
        'NOTE:Une très longue n',
        ' ote\\nsur deux lignes\\; fin',
        'item1.EMAIL;TYPE=INTERNET;TYPE=HOME:perso@x.fr',
        'item1.X-ABLabel:_$!<Home>!$_',
        'EMAIL;TYPE=WORK,PREF:lea@atelier.fr',
        'EMAIL:LEA@autre.fr',
        'ADR;TYPE=HOME:;;3 rue du Puits;Lyon;;69001;France',
        'BDAY:1990-04-15T00:00:00Z',
        'CATEGORIES:Clients,VIP\\, or',
        'PHOTO;ENCODING=b;TYPE=JPEG:/9j/4AAQSkZJRgABAQ',
        ' AAAQABAAD/2wBDAAgGBgcGBQgHBwcJ'
      )
    ).toEqual({
      'Last name': 'Martin',
      'First name': 'Léa',
      'Full name': 'Léa Martin',
      Company: 'Atelier, Léa & Cie',
      Note: 'Une très longue note\nsur deux lignes; fin',
      Email: 'lea@atelier.fr',
      'Email 2': 'perso@x.fr',
      'Email 3': 'LEA@autre.fr',
      City: 'Lyon',
      Postcode: '69001',
      Country: 'France',
      Birthday: '1990-04-15',
      Categories: 'Clients, VIP, or'
    });
  });

  test('of 4.0, with URIs, preferences and a day without a year', () => {
    expect(
      only(
        'VERSION:4.0',
        'FN:Noé',
        'EMAIL;PREF=2:second@x.fr',
        'EMAIL;PREF=1;X-SAYS="a:b;c":first@x.fr',
        'TEL;VALUE=uri;TYPE="voice,home":tel:+33-1-23-45-67-89;ext=12',
        'BDAY:--0415',
        'UID:urn:uuid:4fbe8971'
      )
    ).toEqual({
      'Full name': 'Noé',
      Email: 'first@x.fr',
      'Email 2': 'second@x.fr',
      Phone: '+33-1-23-45-67-89',
      UID: 'urn:uuid:4fbe8971'
    });
  });

  test('within a card is left out; one that does not end is told by its line', () => {
    const text =
      'BEGIN:VCARD\nFN:Léa\nAGENT:\nBEGIN:VCARD\nFN:Agent\nEND:VCARD\nEND:VCARD\n\nBEGIN:VCARD\nFN:Coupée\nEMAIL:x@x.fr';
    expect(cardsOf(text)).toMatchObject([
      { line: 1, card: { 'Full name': 'Léa' } },
      { line: 9, broken: 'unclosed_card' }
    ]);
  });
});

test('a file has the columns that some card fills, in Windows letters too', async () => {
  const text = 'BEGIN:VCARD\nFN:Zoé\nEMAIL:zoe@x.fr\nEND:VCARD\nBEGIN:VCARD\nFN:Max\nTEL:0612345678\nEND:VCARD\n';
  const file = new File([Uint8Array.from(text, (letter) => letter.charCodeAt(0))], 'contacts.vcf');
  expect(await isVcards(file)).toBe(true);
  const opened = await openVcards(file);
  if (!opened.ok) throw new Error('refused');
  expect(opened.value.headers).toEqual(['Full name', 'Email', 'Phone']);
  const rows = [];
  for await (const some of opened.value.records) rows.push(...some);
  expect(rows).toEqual([
    { line: 1, fields: ['Zoé', 'zoe@x.fr', ''] },
    { line: 5, fields: ['Max', '', '0612345678'] }
  ]);
});
