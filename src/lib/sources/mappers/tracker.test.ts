import fc from 'fast-check';
import { expect, test } from 'vitest';
import * as v from 'valibot';
import { EVENT_TYPES } from '$lib/core/events';
import { DAY, HOUR } from '$lib/core/instants';
import { TRACKED } from '$lib/core/tracking';
import tracker from './tracker';

const RECEIVED = Date.UTC(2027, 0, 5, 12);
const visitor = 'visitor-1';

const told = (events: unknown, sentAt = RECEIVED) =>
  tracker.facts({
    body: JSON.stringify({ v: 1, visitor, sentAt, events }),
    contentType: 'text/plain',
    receivedAt: RECEIVED
  });
const event = (type: string, data: unknown = {}, at = RECEIVED, id = 'event-001') => ({ id, type, at, data });
const first = (...given: Parameters<typeof event>) => {
  const result = told([event(...given)]);
  if (!result.ok) throw new Error(JSON.stringify(result.reason));
  return result.value[0]!;
};

test.each([
  ['right', 0, -HOUR, -HOUR],
  ['a day slow', -DAY, -HOUR, -HOUR],
  ['a year fast', 365 * DAY, -HOUR, -HOUR],
  ['of events to come', 0, HOUR, 0],
  ['of an event that waited for months', 0, -90 * DAY, -30 * DAY]
])('a clock that is %s', (_, off, at, expected) => {
  const sentAt = RECEIVED + off;
  const result = told([event('page', { url: 'https://atelier.fr' }, sentAt + at)], sentAt);
  expect(result.ok && result.value[0]?.occurredAt).toBe(RECEIVED + expected);
});

test('who it is holds for what follows in the post; the attributes are told once', () => {
  const result = told([
    event('page', { url: 'https://atelier.fr' }, RECEIVED, 'event-001'),
    event('identify', { email: 'camille@exemple.fr', attributes: { FIRSTNAME: 'Camille' } }, RECEIVED, 'event-002'),
    event('page', { url: 'https://atelier.fr/2' }, RECEIVED, 'event-003'),
    event('identify', { token: 'c1' }, RECEIVED, 'event-004')
  ]);
  expect(result.ok && result.value.map(({ person }) => person)).toEqual([
    { visitor },
    { visitor, email: 'camille@exemple.fr', attributes: { FIRSTNAME: 'Camille' } },
    { visitor, email: 'camille@exemple.fr' },
    { visitor, token: 'c1' }
  ]);
});

test('amounts are read in the currency of the cart, which may have no decimals; without one they say nothing', () => {
  const items = [{ name: 'Mug', price: 1980 }];
  const of = (currency?: string) => first('cart', { items, total: '1980.00', currency }).properties;
  expect(of('jpy')).toMatchObject({ cartId: visitor, total: { minor: 1980, currency: 'JPY' } });
  expect(of('EUR')).toMatchObject({ items: [{ price: { minor: 198_000, currency: 'EUR' }, quantity: 1 }] });
  expect(of()).toMatchObject({ total: null, currency: '' });
});

test('a session says where it came from', () => {
  const of = (url: string, referrer = '') => first('session', { url, referrer }).properties;
  expect(of('https://a.fr/?utm_source=x&utm_campaign=noel')).toMatchObject({ attribution: 'x', campaignId: 'noel' });
  expect(of('https://a.fr/', 'https://www.ami.fr/blog')).toMatchObject({ attribution: 'www.ami.fr', campaignId: '' });
});

test.each([
  ['order', {}, 'id'],
  ['track', { properties: {} }, 'name'],
  ['cart', { items: [{ price: 3 }] }, 'items.0.name'],
  ['cart', { items: 'mug' }, 'items'],
  ['order', { id: 'o1', total: 'much' }, 'total']
])('a call of %s that is not as documented (%j) waits in quarantine, with what is wrong', (type, data, path) => {
  expect(told([event(type, data)])).toMatchObject({ ok: false, reason: { params: { path } } });
});

test('whatever a page gives, what is told is bounded, in order, and named by the event alone', () => {
  fc.assert(
    fc.property(fc.constantFrom(...TRACKED), fc.jsonValue({ maxDepth: 3 }), fc.string(), (type, given, name) => {
      const data =
        typeof given === 'object' && given !== null && !Array.isArray(given)
          ? { ...given, name: `x${name}`, id: 'one', properties: { ...given, name: 'other' } }
          : { name: 'x', id: 'one', title: given, url: given, attributes: given, email: given };
      const result = told([event(type, data)]);
      if (!result.ok) return;
      for (const fact of result.value) {
        expect(v.safeParse(EVENT_TYPES.get(fact.type)!.schema, fact.properties).issues ?? []).toEqual([]);
        expect(JSON.stringify(fact).length).toBeLessThan(100_000);
        if (type === 'track') expect(fact.properties.name).toBe(data.name.slice(0, 200));
      }
    })
  );
});

test('properties that are too many, too long or of a dangerous name do no harm', () => {
  const many = Object.fromEntries(Array.from({ length: 500 }, (_, at) => [`p${at}`, at]));
  expect(Object.keys(first('track', { name: 'n', properties: many }).properties)).toHaveLength(51);
  const odd = JSON.parse('{"__proto__":{"isAdmin":true},"long":"' + 'x'.repeat(5_000) + '"}') as object;
  const { properties } = first('track', { name: 'n', properties: odd });
  expect(properties.long).toBeUndefined();
  expect((properties as { isAdmin?: boolean }).isAdmin).toBeUndefined();
});
