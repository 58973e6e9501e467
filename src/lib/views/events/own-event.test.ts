import { expect, test } from 'vitest';
import { ownEventProperties, propertyValue } from './own-event';

test.each([
  ['12,5', 12.5],
  ['-3', -3],
  ['true', true],
  ['007', '007'],
  ['+33612345678', '+33612345678'],
  ['deux', 'deux'],
  ['1234567890123456789', '1234567890123456789']
])('%j typed means %j', (text, value) => {
  expect(propertyValue(text)).toBe(value);
});

test('properties without a name are left out, and none takes the place of the event’s name', () => {
  expect(
    ownEventProperties(' Atelier ', [
      { name: 'total', value: '39,9' },
      { name: ' ', value: 'x' },
      { name: 'name', value: 'autre' }
    ])
  ).toEqual({ name: 'Atelier', total: 39.9 });
});
