import { expect, test } from 'vitest';
import { catalogue } from '$lib/catalogue/registry';

const files = import.meta.glob<string>(['./*.test.ts', './testing/world.ts'], {
  query: '?raw',
  import: 'default',
  eager: true
});

test('each unit of the catalogue has a journey on Dexie', () => {
  const journeys = Object.entries(files)
    .filter(([path, source]) => path.startsWith('./testing/') || source.includes('openStorage'))
    .map(([, source]) => source)
    .join('\n');
  const without = [...catalogue.triggers.keys(), ...catalogue.steps.keys()].filter(
    (id) => !journeys.includes(`'${id}'`)
  );
  expect(without).toEqual([]);
});
