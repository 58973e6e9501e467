import type { Field, Fields } from '$lib/core/fields';
import { conditionsOf, isCondition, type ComparedKind, type Condition, type FilterTree } from '$lib/core/filter-tree';
import { majorUnits, type Money } from '$lib/core/money';
import { words, type Words } from '$lib/core/words';

/**
 * What the filters of a trigger say, on its card: the one condition, or how many there are. `any`: the key of what is said while
 * everything gets in.
 */
export function filteredSentence(filters: FilterTree | null, any: string): Words {
  const count = filters === null ? 0 : conditionsOf(filters).length;
  if (filters === null || count === 0) return words(any);
  const only = onlyCondition(filters);
  const said = only === null ? null : conditionWords(only);
  return said ?? words('words.filter.several', { count });
}

/** Null where there are several, or the one is negated. */
function onlyCondition(tree: FilterTree): Condition | null {
  if (isCondition(tree)) return tree;
  const [only, ...others] = tree.op === 'not' ? [] : tree.of;
  return only !== undefined && others.length === 0 ? onlyCondition(only) : null;
}

/** Null where it takes more than a card to say it. */
function conditionWords({ subject, kind, operator, value }: Condition): Words | null {
  if (subject.of !== 'event' || kind === 'date') return null;
  const property = words(`catalogue.properties.${subject.property.replace('.', '_')}`);
  if (value === undefined)
    return words('words.filter.one', { property, operator: words(`filters.operators.${kind}.${operator}`) });
  const operand = kind === 'choice' ? optionWords(subject.property, value) : value;
  if (typeof operand === 'boolean' || Array.isArray(operand)) return null;
  const said = kind === 'choice' ? `text.${operator === 'noneOf' ? 'isNot' : 'is'}` : `${kind}.${operator}`;
  return words('words.filter.one_value', { property, operator: words(`filters.operators.${said}`), value: operand });
}

type Operand = NonNullable<Condition['value']>;

function optionWords(property: string, value: Operand): Words | Operand {
  const options = Array.isArray(value) ? value : [value];
  return options.length === 1 ? words(`catalogue.options.${property}.${String(options[0])}`) : value;
}

type Compared = string | number | Money;

interface FilterExample<P> {
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
): FilterExample<P>[] {
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
