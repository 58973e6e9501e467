import { expect, test } from 'vitest';
import { grouped, SERVICE_GROUPS } from './service-groups';

const HELPERS = new Set(['bought', 'email-events', 'newcomer', 'notification', 'payload', 'registry']);
const mappers = Object.keys(import.meta.glob('../../sources/mappers/*.ts'))
  .map((path) => path.replace(/^.*\/|\.ts$/g, ''))
  .filter((name) => !HELPERS.has(name) && !name.endsWith('.test'));

test('every service that the app understands is in one group, and every group has only such', () => {
  expect(Object.values(SERVICE_GROUPS).flat().sort()).toEqual(mappers.sort());
});

test('a service of no group comes last; a group without services is left out', () => {
  const groups = grouped([{ kind: 'pages' }, { kind: 'stripe' }]);
  expect(groups).toEqual([
    { group: 'shops', kinds: [{ kind: 'stripe' }] },
    { group: null, kinds: [{ kind: 'pages' }] }
  ]);
});
