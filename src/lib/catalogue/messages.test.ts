import { describe, expect, test } from 'vitest';
import { branchesOf, GROUPS } from '$lib/core/definitions';
import { EVENT_TYPES } from '$lib/core/events';
import { initialValues } from '$lib/core/fields';
import {
  CONTACT_FIELDS,
  COUNTED,
  OPERATORS,
  type ComparedKind,
  type Condition,
  type Subject
} from '$lib/core/filter-tree';
import { VIEW_TABLES, type WorkspaceView } from '$lib/core/tables';
import type { Words } from '$lib/core/words';
import { conditionWords } from '$lib/filters/words';
import { readMessages } from '../../commands/messages.mjs';
import { catalogue } from './registry';

const units = [...catalogue.triggers.values(), ...catalogue.steps.values()];
const messages = { fr: readMessages('fr'), en: readMessages('en') };

const sources = import.meta.glob<string>(['./*/**/*.ts', '!./**/*.test.ts'], {
  query: '?raw',
  import: 'default',
  eager: true
});

/** A condition of each kind, operator and subject. */
function everyCondition(): Condition[] {
  const fields = CONTACT_FIELDS.map((field): Subject => ({ of: 'contact', field }));
  const counts = COUNTED.map((what): Subject => ({ of: 'count', what, event: 'order.created' }));
  const others: Subject[] = [
    { of: 'lists' },
    { of: 'segments' },
    { of: 'programs' },
    { of: 'tiers' },
    { of: 'company', attributeId: null },
    { of: 'last', event: 'order.created', property: null },
    { of: 'last', event: 'order.created', property: 'total' }
  ];
  const properties = [...EVENT_TYPES.values()].flatMap(({ properties: of }) =>
    Object.entries(of).flatMap(([name, { control }]): Subject[] =>
      control.kind === 'items'
        ? Object.keys(control.of).map((inner) => ({ of: 'event', property: `${name}.${inner}` }))
        : [{ of: 'event', property: name }]
    )
  );
  return [...fields, ...counts, ...others, ...properties].flatMap((subject) =>
    (Object.keys(OPERATORS) as ComparedKind[]).flatMap((kind) =>
      OPERATORS[kind].flatMap((operator) => [
        { subject, kind, operator },
        { subject, kind, operator, value: [1, 2] }
      ])
    )
  );
}

const view = Object.fromEntries(VIEW_TABLES.map((table) => [table, new Map()])) as unknown as WorkspaceView;

/** Keys of words and of the words within them. */
function keysOf({ key, params = {} }: Words): string[] {
  const inner = Object.values(params).flatMap((param) =>
    typeof param === 'object' && param !== null ? keysOf(param) : []
  );
  return [key, ...inner];
}

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

  test('each condition can be said', () => {
    const said = new Set(everyCondition().flatMap((condition) => keysOf(conditionWords(condition, view))));
    expect(missing([...said].filter((key) => !key.startsWith('format.')))).toEqual([]);
  });

  test('a choice of an event is said in words, also where several events have a property of that name', () => {
    for (const { properties } of EVENT_TYPES.values())
      for (const [property, { control }] of Object.entries(properties)) {
        if (control.kind !== 'choice') continue;
        for (const option of control.options) {
          const condition: Condition = {
            subject: { of: 'event', property },
            kind: 'choice',
            operator: 'anyOf',
            value: [option]
          };
          const key = `catalogue.options.${property}.${option}`;
          expect(keysOf(conditionWords(condition, view))).toContain(key);
          expect(missing([key])).toEqual([]);
        }
      }
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
