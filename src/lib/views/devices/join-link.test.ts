import fc from 'fast-check';
import { expect, it, test } from 'vitest';
import { joinLink, placeOf } from './join-link';

const screen = 'https://app.example.com/ricochet/join';
const place = {
  remote: 'couchdb',
  fields: { url: 'https://couch.example.com', user: 'léa', password: 'pâte à 🥖 /+?#&' }
};

it('leads to the place it was made for, whatever its fields hold', () => {
  const value = fc.oneof(fc.string({ unit: 'binary' }), fc.boolean(), fc.integer());
  const fields = fc.dictionary(fc.stringMatching(/^[a-z][A-Za-z]{0,12}$/), value);
  const places = fc.record({ remote: fc.string({ minLength: 1, unit: 'binary' }), fields });
  fc.assert(
    fc.property(places, (one) => {
      const link = joinLink(screen, one);
      expect(link).toMatch(/^https:\/\/app\.example\.com\/ricochet\/join#[\w-]+$/);
      expect(placeOf(link)).toEqual({ ok: true, value: JSON.parse(JSON.stringify(one)) as object });
    })
  );
});

it('is read without its address, and as a mail program breaks it', () => {
  const link = joinLink(screen, place);
  const fragment = link.slice(link.indexOf('#') + 1);
  const broken = `  ${link.slice(0, 60)}\r\n ${link.slice(60)}\n`;
  for (const one of [fragment, `#${fragment}`, broken]) expect(placeOf(one)).toEqual({ ok: true, value: place });
});

it('is refused with words where it is cut off, foreign or no link', () => {
  const link = joinLink(screen, place);
  const of = (value: unknown) => `${screen}#${btoa(JSON.stringify(value))}`;
  const others = [
    '',
    screen,
    '#',
    `${screen}#%%%`,
    of(null),
    of([]),
    of({ v: 1 }),
    of({ v: 1, remote: '', fields: {} })
  ];
  for (const one of [...others, link.slice(0, -9), link.slice(0, -1)])
    expect(placeOf(one), one).toEqual({ ok: false, reason: { key: 'words.join.not_a_link' } });
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(placeOf(text).ok).toBe(false);
    })
  );
});

test('a link of a later version says so', () => {
  const link = `${screen}#${btoa(JSON.stringify({ v: 2, remote: 'x', at: [] }))}`;
  expect(placeOf(link)).toEqual({ ok: false, reason: { key: 'words.join.newer' } });
});
