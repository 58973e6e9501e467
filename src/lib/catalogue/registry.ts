import type { Catalogue, StepDefinition, TriggerDefinition, UnitDefinition } from '$lib/core/definitions';

// One file a unit, in any folder below: adding one is adding a file.
const files = import.meta.glob<{ default: UnitDefinition }>(
  ['./triggers/**/*.ts', './actions/**/*.ts', './rules/**/*.ts', '!./**/*.test.ts'],
  {
    eager: true
  }
);

const units = Object.values(files)
  .map((file) => file.default)
  .sort((a, b) => (a.id < b.id ? -1 : 1));

/** All units, sorted by id. */
export const catalogue: Catalogue = {
  triggers: new Map(
    units.filter((unit): unit is TriggerDefinition => unit.kind === 'trigger').map((unit) => [unit.id, unit])
  ),
  steps: new Map(units.filter((unit): unit is StepDefinition => unit.kind !== 'trigger').map((unit) => [unit.id, unit]))
};
