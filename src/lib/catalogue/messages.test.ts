import { describe, expect, test } from 'vitest';
import { branchesOf, GROUPS } from '$lib/core/definitions';
import { EVENT_TYPES } from '$lib/core/events';
import { initialValues } from '$lib/core/fields';
import { readMessages } from '../../commands/messages.mjs';
import { catalogue } from './registry';

const units = [...catalogue.triggers.values(), ...catalogue.steps.values()];
const messages = { fr: readMessages('fr'), en: readMessages('en') };

const sources = import.meta.glob<string>(['./*/**/*.ts', '!./**/*.test.ts'], {
  query: '?raw',
  import: 'default',
  eager: true
});

describe.each(Object.entries(messages))('in %s', (_, known) => {
  const missing = (keys: readonly string[]) => keys.filter((key) => !(key in known));

  test.each(units.map((unit) => [unit.id, unit] as const))('%s says what it is and what it asks for', (id, unit) => {
    const fields = Object.entries(unit.fields).flatMap(([name, { control }]) => [
      `catalogue.${id}.fields.${name}.label`,
      ...(control.kind === 'choice'
        ? control.options.map((option) => `catalogue.${id}.fields.${name}.options.${option}`)
        : []),
      ...(control.kind === 'moment' ? [`catalogue.${id}.fields.${name}.none`] : [])
    ]);
    // A branch that the fields make has its name from them.
    const branches =
      unit.kind === 'trigger' || 'branches' in unit.fields
        ? []
        : branchesOf(unit, initialValues(unit.fields)).map((branch) => `catalogue.${id}.branches.${branch}`);
    expect(missing([`catalogue.${id}.name`, `catalogue.${id}.help`, ...fields, ...branches])).toEqual([]);
  });

  test('each sentence can be said', () => {
    const keys = Object.values(sources).flatMap((source) =>
      [...source.matchAll(/'(catalogue\.[\w.]+)'/g)].map(([, key]) => key as string)
    );
    expect(missing(keys)).toEqual([]);
  });

  test('each group, event and property of an event has its name', () => {
    const events = [...EVENT_TYPES.values()];
    expect(
      missing([
        ...GROUPS.map((group) => `catalogue.groups.${group}`),
        ...events.map(({ type }) => `catalogue.${type}.name`),
        ...events.flatMap(({ properties }) => Object.keys(properties).map((name) => `catalogue.properties.${name}`))
      ])
    ).toEqual([]);
  });
});
