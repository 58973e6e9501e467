import { expect, test } from 'vitest';
import { catalogue } from '$lib/catalogue/registry';
import { FAULTS } from './faults';
import { holdsFor } from './holding';
import { memoryMachine } from './machines';

test('whatever happens, everything holds; every unit of the catalogue is reached, and every kind of fault strikes', async () => {
  const { units, faults } = await holdsFor(1, 100, memoryMachine);
  expect([...catalogue.triggers.keys(), ...catalogue.steps.keys()].filter((unit) => !units.has(unit))).toEqual([]);
  expect(FAULTS.filter((fault) => !faults.has(fault))).toEqual([]);
});
