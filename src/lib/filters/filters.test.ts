import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Condition, FilterTree } from '$lib/core/filter-tree';
import { isCondition } from '$lib/core/filter-tree';
import type { Contact } from '$lib/core/rows/contacts';
import { compileFilter } from './compile';
import { decisive, explainFilter } from './explain';
import { fold } from './text';

const time = { now: Date.UTC(2027, 0, 5, 9), timeZone: 'Europe/Paris' };

function contact(attributes: Contact['attributes'], listIds: string[] = []): Contact {
  return {
    id: 'c',
    email: 'lea@exemple.fr',
    attributes,
    listIds,
    listedAt: {},
    createdAt: Date.UTC(2026, 11, 31, 23, 30),
    updatedAt: 0
  };
}

function attribute(kind: Condition['kind'], operator: Condition['operator'], value?: Condition['value']): Condition {
  return { subject: { of: 'attribute', attributeId: 'A' }, kind, operator, ...(value === undefined ? {} : { value }) };
}

const holds = (condition: FilterTree, value?: Contact['attributes'][string]): boolean =>
  compileFilter(condition, time)(contact(value === undefined ? {} : { A: value }), null);

describe('a date that is none', () => {
  test.each<[Condition['operator'], Condition['value']]>([
    ['on', '2027-02-30'],
    ['before', 'demain'],
    ['after', ''],
    ['between', ['2027-01-01', 'x']],
    ['inLast', Number.NaN],
    ['inNext', -1]
  ])('%s %s meets nobody, and harms nobody', (operator, value) => {
    expect(holds(attribute('date', operator, value), '2027-01-05')).toBe(false);
  });

  test('as many days as one likes are all days', () => {
    expect(holds(attribute('date', 'inLast', 1e12), '1901-01-01')).toBe(true);
    expect(holds(attribute('date', 'inNext', 1e12), '2901-01-01')).toBe(true);
    expect(holds(attribute('date', 'before', '0000-01-01'), '2027-01-01')).toBe(false);
    expect(holds(attribute('date', 'after', '9999-12-31'), '2027-01-01')).toBe(false);
  });
});

describe('conditions', () => {
  test.each<[Condition, Contact['attributes'][string] | undefined, boolean]>([
    [attribute('text', 'is', 'lea'), 'Léa', true],
    [attribute('text', 'is', 'lea'), undefined, false],
    [attribute('text', 'isNot', 'lea'), undefined, true],
    [attribute('text', 'contains', 'COEUR'), 'mon cœur', true],
    [attribute('text', 'doesNotContain', 'x'), 'Léa', true],
    [attribute('text', 'startsWith', 'el'), 'Élise', true],
    [attribute('text', 'matches', 'm?ud*'), 'Maud Lemoine', true],
    [attribute('text', 'matches', 'a.c'), 'abc', false],
    [attribute('text', 'isUnknown'), undefined, true],
    [attribute('number', 'between', [1, 3]), 3, true],
    [attribute('number', 'below', 3), undefined, false],
    [attribute('number', 'differs', 3), undefined, true],
    [attribute('date', 'on', '2027-01-05'), '2027-01-05', true],
    [attribute('date', 'before', '2027-01-05'), '2027-01-05', false],
    [attribute('date', 'inLast', 30), '2026-12-06', true],
    [attribute('date', 'inLast', 30), '2026-12-05', false],
    [attribute('date', 'inNext', 2), '2027-01-07', true],
    [attribute('yesNo', 'isFalse'), undefined, false],
    [attribute('choice', 'anyOf', ['a', 'b']), 'b', true],
    [attribute('choices', 'allOf', ['a', 'b']), ['b', 'a', 'c'], true],
    [attribute('choices', 'noneOf', ['a']), ['a'], false]
  ])('%j on %j is %s', (condition, value, expected) => {
    expect(holds(condition, value)).toBe(expected);
  });

  test('an instant is on the day it has in the time zone', () => {
    const created: Condition = {
      subject: { of: 'contact', field: 'createdAt' },
      kind: 'date',
      operator: 'on',
      value: '2027-01-01'
    };
    expect(compileFilter(created, time)(contact({}), null)).toBe(true);
    expect(compileFilter(created, { ...time, timeZone: 'UTC' })(contact({}), null)).toBe(false);
  });

  test('lists, the blocklist and the event in hand can be looked at', () => {
    const onList: Condition = { subject: { of: 'lists' }, kind: 'choices', operator: 'anyOf', value: ['l1', 'l2'] };
    expect(compileFilter(onList, time)(contact({}, ['l2']), null)).toBe(true);
    const event: Condition = {
      subject: { of: 'event', property: 'total' },
      kind: 'number',
      operator: 'above',
      value: 50
    };
    expect(compileFilter(event, time)(contact({}), { total: { minor: 5_001, currency: 'EUR' } })).toBe(true);
    expect(compileFilter(event, time)(contact({}), null)).toBe(false);
  });
});

const conditions: fc.Arbitrary<Condition> = fc.oneof(
  fc
    .record({
      operator: fc.constantFrom('is', 'isNot', 'contains', 'startsWith', 'isKnown'),
      value: fc.constantFrom('a', 'É', '')
    })
    .map(({ operator, value }) => attribute('text', operator as Condition['operator'], value)),
  fc
    .record({
      operator: fc.constantFrom('equals', 'below', 'atLeast', 'differs'),
      value: fc.integer({ min: -2, max: 2 })
    })
    .map(({ operator, value }) => attribute('number', operator as Condition['operator'], value))
);
const { tree: trees } = fc.letrec<{ tree: FilterTree }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 4 },
    conditions,
    fc.record({ op: fc.constantFrom('all' as const, 'any' as const), of: fc.array(tie('tree'), { maxLength: 3 }) }),
    fc.record({ op: fc.constant('not' as const), of: tie('tree') })
  )
}));
const values = fc.oneof(fc.constantFrom('a', 'e', 'éa', ''), fc.integer({ min: -2, max: 2 }), fc.constant(undefined));

/** The plain meaning of a tree, without closures. */
function naive(tree: FilterTree, value: Contact['attributes'][string] | undefined): boolean {
  if (isCondition(tree)) {
    const { operator, value: operand } = tree;
    const text = typeof value === 'number' ? String(value) : typeof value === 'string' ? value : null;
    const amount = typeof value === 'number' ? value : NaN;
    switch (operator) {
      case 'is':
        return text !== null && fold(text) === fold(String(operand));
      case 'isNot':
        return !(text !== null && fold(text) === fold(String(operand)));
      case 'contains':
        return text !== null && fold(text).indexOf(fold(String(operand))) >= 0;
      case 'startsWith':
        return text !== null && fold(text).indexOf(fold(String(operand))) === 0;
      case 'isKnown':
        return value !== undefined && value !== '';
      case 'equals':
        return amount === operand;
      case 'below':
        return amount < Number(operand);
      case 'atLeast':
        return amount >= Number(operand);
      default:
        return !(amount === operand);
    }
  }
  if (tree.op === 'not') return !naive(tree.of, value);
  return tree.op === 'all'
    ? tree.of.every((part) => naive(part, value))
    : tree.of.length === 0 || tree.of.some((part) => naive(part, value));
}

test('a compiled tree, its explanation and its plain meaning agree', () => {
  fc.assert(
    fc.property(trees, values, (tree, value) => {
      const subject = contact(value === undefined ? {} : { A: value });
      const compiled = compileFilter(tree, time)(subject, null);
      const explanation = explainFilter(tree, subject, null, time);
      expect(compiled).toBe(naive(tree, value));
      expect(explanation.holds).toBe(compiled);
    }),
    { numRuns: 2_000 }
  );
});

test('the decisive condition is the one that said no', () => {
  const tree: FilterTree = { op: 'all', of: [attribute('text', 'isKnown'), attribute('text', 'is', 'x')] };
  const explanation = explainFilter(tree, contact({ A: 'y' }), null, time);
  expect(decisive(explanation)).toMatchObject({ condition: attribute('text', 'is', 'x'), value: 'y' });
});
