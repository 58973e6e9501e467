import fc from 'fast-check';
import { expect, test } from 'vitest';
import { mappingRefusal, mapPost, NO_MAPPING, type GenericMapping } from './generic-mapping';

const AT = Date.UTC(2027, 0, 5, 9);
const mapping: GenericMapping = {
  email: 'customer.emails[0]',
  name: '',
  namePath: 'event',
  time: 'at',
  id: 'id',
  properties: [
    { name: 'course', path: 'course.title' },
    { name: 'grade', path: 'course.grade' }
  ]
};
const post = {
  id: 7,
  event: 'course.finished',
  at: '2027-01-05T08:00:00Z',
  customer: { emails: ['camille@exemple.fr'] },
  course: { title: 'Aquarelle', grade: 14 }
};
const mapped = (change: object = {}, by: Partial<GenericMapping> = {}) =>
  mapPost({ ...mapping, ...by }, JSON.stringify({ ...post, ...change }), AT);

test('a post is the event that its mapping says', () => {
  expect(mapped()).toEqual({
    ok: true,
    value: {
      type: 'custom.event',
      occurredAt: Date.UTC(2027, 0, 5, 8),
      properties: { name: 'course.finished', course: 'Aquarelle', grade: 14 },
      dedupeKey: 'generic:camille@exemple.fr:course.finished:7',
      person: { email: 'camille@exemple.fr' }
    }
  });
});

test.each([
  ['seconds', AT / 1_000, AT],
  ['milliseconds', AT, AT],
  ['seconds as text', String(AT / 1_000), AT],
  ['a time to come', '2030-01-01T00:00:00Z', AT + 60_000]
])('a time may be %s', (_, at, occurredAt) => {
  expect(mapped({ at })).toMatchObject({ value: { occurredAt } });
});

test.each([
  ['an address', { customer: {} }, 'words.mapping.no_email'],
  ['an event', { event: null }, 'words.mapping.no_name_there'],
  ['a time', { at: 'soon' }, 'words.mapping.no_time'],
  ['an id', { id: {} }, 'words.mapping.no_id']
])('without %s it says what is missing', (_, change, key) => {
  expect(mapped(change)).toMatchObject({ ok: false, reason: { key } });
});

test.each([
  ['words.mapping.no_email_path', { email: ' ' }],
  ['words.mapping.no_name', { namePath: '' }],
  ['words.mapping.no_path', { time: 'a..b' }],
  ['words.mapping.half_property', { properties: [{ name: 'x', path: '' }] }]
])('%s is said of the mapping itself', (key, by) => {
  expect(mappingRefusal({ ...mapping, ...by })).toMatchObject({ key });
});

test('a property cannot take the event’s name away', () => {
  const properties = [{ name: 'name', path: 'course.title' }];
  expect(mapped({}, { properties })).toMatchObject({ value: { properties: { name: 'course.finished' } } });
});

test('whatever is posted, it is an event or a reason, the same each time', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), fc.boolean(), (body, isMapped) => {
      const by = isMapped ? { ...mapping, id: '', time: '' } : NO_MAPPING;
      expect(mapPost(by, body, AT)).toEqual(mapPost(by, body, AT));
    })
  );
});
