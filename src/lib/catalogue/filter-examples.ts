import type { Field, Fields } from '$lib/core/fields';
import type { ComparedKind, Condition, FilterTree, Operator } from '$lib/core/filter-tree';
import { majorUnits, type Money } from '$lib/core/money';

interface Filtered {
  readonly kind: ComparedKind;
  readonly operator: Operator;
  readonly value: NonNullable<Condition['value']>;
  readonly meets: unknown;
  readonly fails: unknown;
}

interface FilterExample {
  readonly fields: { readonly filters: Condition };
  readonly properties: Readonly<Record<string, unknown>>;
  readonly enters: boolean;
}

/** For each property that a trigger filters by: an event that enters and one that does not. */
export function bothWays(
  properties: Readonly<Record<string, unknown>>,
  filtered: Readonly<Record<string, Filtered>>
): FilterExample[] {
  return Object.entries(filtered).flatMap(([property, { kind, operator, value, meets, fails }]) =>
    [meets, fails].map((given) => ({
      fields: { filters: { subject: { of: 'event', property }, kind, operator, value } },
      properties: { ...properties, [property]: given },
      enters: given === meets
    }))
  );
}

/** Any of these rows. */
export function anyOf(id: string): Filtered {
  return { kind: 'choice', operator: 'anyOf', value: [id], meets: id, fails: 'another' };
}

/** The text, whatever its case. */
export function is(text: string): Filtered {
  return { kind: 'text', operator: 'is', value: text, meets: text, fails: `${text} too` };
}

export function atLeast(number: number): Filtered {
  return { kind: 'number', operator: 'atLeast', value: number, meets: number, fails: number - 1 };
}

/** Before a day of the calendar, `YYYY-MM-DD`. */
export function before(day: string): Filtered {
  const start = Date.parse(day);
  return { kind: 'date', operator: 'before', value: day, meets: start - 86_400_000, fails: start + 86_400_000 };
}

type Compared = string | number | Money;

interface PropertyExample<P> {
  readonly fields: { readonly filters: FilterTree };
  readonly properties: P;
  readonly enters: boolean;
}

/**
 * For each property that the filters offer, two examples: an event that meets a condition on it, and one that does not.
 * `least`: what each event has anyway; `values`: of each property (`items.name` of a list's members) one that fits, and one that
 * does not and is smaller.
 */
export function filterExamples<P extends object>(
  offered: Fields,
  least: P,
  values: Readonly<Record<string, readonly [fits: Compared, fitsNot: Compared]>>
): PropertyExample<P>[] {
  return Object.entries(values).flatMap(([property, pair]) => {
    const condition = fitting(property, fieldAt(offered, property), pair[0]);
    return pair.map((value, at) => ({
      fields: { filters: condition },
      properties: { ...least, ...within(property, value) },
      enters: at === 0
    }));
  });
}

function fieldAt(offered: Fields, path: string): Field {
  const [name = '', inner] = path.split('.');
  const field = offered[name];
  const found = inner !== undefined && field?.control.kind === 'items' ? field.control.of[inner] : field;
  if (!found) throw new Error(`no filter on ${path} is offered`);
  return found;
}

function fitting(property: string, { control }: Field, value: Compared): Condition {
  const subject = { of: 'event', property } as const;
  const compared = (kind: ComparedKind, operator: Condition['operator'], operand: Condition['value']): Condition => ({
    subject,
    kind,
    operator,
    value: operand
  });
  if (typeof value === 'object') return compared('number', 'atLeast', majorUnits(value));
  if (typeof value === 'number') return compared('number', 'atLeast', value);
  return control.kind === 'choice' ? compared('choice', 'anyOf', [value]) : compared('text', 'is', value.toUpperCase());
}

function within(path: string, value: Compared): Record<string, unknown> {
  const [name = '', inner] = path.split('.');
  return inner === undefined ? { [name]: value } : { [name]: [{ [inner]: value }] };
}

/** Of the products in a cart or an order, `list` being the property that holds them. */
export function productExamples(list: string): Readonly<Record<string, readonly [Compared, Compared]>> {
  const euros = (minor: number) => ({ minor, currency: 'EUR' });
  return {
    [`${list}.name`]: ['Savon', 'Bougie'],
    [`${list}.price`]: [euros(2_000), euros(1_999)],
    [`${list}.id`]: ['p1', 'p2'],
    [`${list}.quantity`]: [2, 1],
    [`${list}.url`]: ['https://atelier.fr/savon', 'https://atelier.fr/bougie'],
    [`${list}.image`]: ['https://atelier.fr/savon.png', 'https://atelier.fr/bougie.png']
  };
}
