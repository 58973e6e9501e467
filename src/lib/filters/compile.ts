import { dateOf, isDate, shiftDate, startOfDate } from '$lib/core/calendar';
import { isCondition, type Condition, type FilterTree } from '$lib/core/filter-tree';
import type { Instant } from '$lib/core/instants';
import { majorUnits, type Money } from '$lib/core/money';
import type { Related } from '$lib/core/related';
import type { Contact, Segment } from '$lib/core/rows/contacts';
import { readerOf } from './subjects';
import { fold, foldsTo, wildcard } from './text';

/** The event in hand: its properties; null where there is none. */
export type EventProperties = Readonly<Record<string, unknown>> | null;

/**
 * Whether a contact, with the event in hand and what belongs to the contact, meets a filter tree. What a tree looks at beyond the
 * contact's row is told by `needsOf`: it throws where that is not loaded.
 */
export type Predicate = (contact: Contact, event: EventProperties, related?: Related) => boolean;

/** What relative dates are relative to, and what segments are. */
export interface FilterTime {
  readonly now: Instant;
  readonly timeZone: string;
  readonly segments?: ReadonlyMap<string, Pick<Segment, 'filters'>>;
}

type Test = (value: unknown) => boolean;

/**
 * Compiles a tree to closures. Null, and a group without conditions, let everything through. A value that is not there meets the
 * negative operators and `isUnknown`, and no others. Relative dates are fixed at `time.now`: compile again on another day.
 */
export function compileFilter(tree: FilterTree | null, time: FilterTime): Predicate {
  if (tree === null) return () => true;
  if (isCondition(tree)) return compileCondition(tree, time);
  if (tree.op === 'not') {
    const inner = compileFilter(tree.of, time);
    return (contact, event, related) => !inner(contact, event, related);
  }
  const parts = tree.of.map((part) => compileFilter(part, time));
  if (parts.length === 0) return () => true;
  return tree.op === 'all' ? allOf(parts) : anyOf(parts);
}

/** Up to five in one closure: a chain of pairs would cost a call more for each, a loop over an array more still. */
function allOf(parts: readonly Predicate[]): Predicate {
  const [a = () => true, b, c, d, ...others] = parts;
  if (!b) return a;
  if (!c) return (contact, event, related) => a(contact, event, related) && b(contact, event, related);
  if (!d)
    return (contact, event, related) =>
      a(contact, event, related) && b(contact, event, related) && c(contact, event, related);
  const rest = allOf(others);
  return (contact, event, related) =>
    a(contact, event, related) &&
    b(contact, event, related) &&
    c(contact, event, related) &&
    d(contact, event, related) &&
    rest(contact, event, related);
}

function anyOf(parts: readonly Predicate[]): Predicate {
  return parts.reduce(
    (left, right) => (contact, event, related) => left(contact, event, related) || right(contact, event, related)
  );
}

function compileCondition(condition: Condition, time: FilterTime): Predicate {
  const { subject } = condition;
  const test = compileTest(condition, time);
  switch (subject.of) {
    case 'attribute': {
      const { attributeId } = subject;
      return (contact) => test(contact.attributes[attributeId]);
    }
    case 'lists':
      return (contact) => test(contact.listIds);
    case 'event':
      return subject.property.includes('.')
        ? itemsTest(subject.property, condition, test)
        : propertyTest(subject.property, test);
    default: {
      const read = readerOf(condition, time);
      return (contact, event, related) => test(read(contact, event, related));
    }
  }
}

function propertyTest(property: string, test: Test): Predicate {
  return (_, event) => test(event?.[property]);
}

/** Operators that say that nothing is so: they hold where they hold for all items, the others where they hold for one. */
const NEGATIVE: ReadonlySet<string> = new Set(['isNot', 'doesNotContain', 'differs', 'noneOf', 'isUnknown']);

/** `items.name`: a property of the members of an array. */
function itemsTest(path: string, { operator }: Condition, test: Test): Predicate {
  const [list = '', ...rest] = path.split('.');
  const property = rest.join('.');
  const isNegative = NEGATIVE.has(operator);
  return (_, event) => {
    const items = event?.[list];
    const values = (Array.isArray(items) ? items : []).map((item: unknown) =>
      typeof item === 'object' && item !== null ? (item as Record<string, unknown>)[property] : undefined
    );
    return isNegative ? values.every(test) : values.some(test);
  };
}

function compileTest(condition: Condition, time: FilterTime): Test {
  if (condition.operator === 'isKnown') return isKnown;
  if (condition.operator === 'isUnknown') return (value) => !isKnown(value);
  switch (condition.kind) {
    case 'text':
      return textTest(condition);
    case 'number':
      return numberTest(condition);
    case 'date':
      return dateTest(condition, time);
    case 'yesNo':
      return condition.operator === 'isTrue' ? (value) => value === true : (value) => value === false;
    case 'choice':
    case 'choices':
      return choicesTest(condition);
  }
}

function isKnown(value: unknown): boolean {
  return value !== undefined && value !== null && value !== '' && !(Array.isArray(value) && value.length === 0);
}

/** Each operator is one closure: a closure within a closure costs as much again as the comparison. */
function textTest({ operator, value }: Condition): Test {
  const operand = fold(String(value ?? ''));
  switch (operator) {
    case 'is':
      return (given) => {
        const text = asText(given);
        return text !== null && foldsTo(text, operand);
      };
    case 'isNot':
      return (given) => {
        const text = asText(given);
        return text === null || !foldsTo(text, operand);
      };
    case 'contains':
      return (given) => {
        const text = asText(given);
        return text !== null && fold(text).includes(operand);
      };
    case 'doesNotContain':
      return (given) => {
        const text = asText(given);
        return text === null || !fold(text).includes(operand);
      };
    case 'startsWith':
      return (given) => {
        const text = asText(given);
        return text !== null && fold(text).startsWith(operand);
      };
    case 'matches': {
      const matches = wildcard(String(value ?? ''));
      return (given) => {
        const text = asText(given);
        return text !== null && matches(text);
      };
    }
    default:
      return never;
  }
}

function asText(given: unknown): string | null {
  return typeof given === 'string' ? given : typeof given === 'number' ? String(given) : null;
}

function numberTest({ operator, value }: Condition): Test {
  const [low, high] = Array.isArray(value) ? [Number(value[0]), Number(value[1])] : [Number(value), Number(value)];
  const asNumber = (given: unknown): number => (typeof given === 'number' ? given : amountOf(given));
  switch (operator) {
    case 'equals':
      return (given) => asNumber(given) === low;
    case 'differs':
      return (given) => asNumber(given) !== low;
    case 'below':
      return (given) => asNumber(given) < low;
    case 'atMost':
      return (given) => asNumber(given) <= low;
    case 'above':
      return (given) => asNumber(given) > low;
    case 'atLeast':
      return (given) => asNumber(given) >= low;
    case 'between':
      return (given) => asNumber(given) >= low && asNumber(given) <= high;
    default:
      return never;
  }
}

/** Amounts of money compare by their major unit as typed (`50` is 50.00 €); anything else that is no number compares as NaN. */
function amountOf(given: unknown): number {
  return typeof given === 'object' && given !== null && 'minor' in given ? majorUnits(given as Money) : NaN;
}

/** Dates of the calendar compare as text; instants compare with the bounds of the day in the time zone. */
function dateTest({ operator, value }: Condition, { now, timeZone }: FilterTime): Test {
  const range = dateRange(operator, value, () => dateOf(now, timeZone));
  if (range === null) return never;
  const [from, to] = range;
  const opens = from === null ? -Infinity : startOfDate(from, timeZone);
  const closes = to === null ? Infinity : startOfDate(shiftDate(to, 1), timeZone);
  return (given) => {
    if (typeof given === 'string')
      return given !== '' && (from === null || given >= from) && (to === null || given <= to);
    return typeof given === 'number' && given >= opens && given < closes;
  };
}

/** More days than this are all there are: so dates keep years of four digits. */
const ALL_DAYS = 500_000;

/** Nothing can be said to be before the one or after the other. */
const FIRST_DATE = '0000-01-01';
const LAST_DATE = '9999-12-31';

/** Whether the operand of a condition on dates is one: a date, two of them, or a number of days. */
export function isDateOperand(operator: Condition['operator'], value: Condition['value']): boolean {
  if (operator === 'inLast' || operator === 'inNext') return Number(value) >= 0;
  const dates = Array.isArray(value) ? value : [value];
  return dates.length === (operator === 'between' ? 2 : 1) && dates.every((date) => isDate(String(date)));
}

/** First and last date, both included; null: open. No range: nothing is within. */
function dateRange(
  operator: Condition['operator'],
  value: Condition['value'],
  today: () => string
): [string | null, string | null] | null {
  if (!isDateOperand(operator, value)) return null;
  const first = String(Array.isArray(value) ? value[0] : value);
  const shifted = (days: number): string | null => (Math.abs(days) > ALL_DAYS ? null : shiftDate(today(), days));
  switch (operator) {
    case 'on':
      return [first, first];
    case 'before':
      return first === FIRST_DATE ? null : [null, shiftDate(first, -1)];
    case 'after':
      return first === LAST_DATE ? null : [shiftDate(first, 1), null];
    case 'between':
      return Array.isArray(value) ? [String(value[0]), String(value[1])] : null;
    case 'inLast':
      return [shifted(-Number(value)), today()];
    case 'inNext':
      return [today(), shifted(Number(value))];
    default:
      return null;
  }
}

function choicesTest({ operator, value }: Condition): Test {
  const wanted = (Array.isArray(value) ? value : value === undefined ? [] : [value]).map(String);
  const only = wanted.length === 1 ? wanted[0] : undefined;
  const has = (given: unknown, one: string): boolean => (Array.isArray(given) ? given.includes(one) : given === one);
  const hasAny: Test =
    only !== undefined
      ? (given) => (Array.isArray(given) ? given.includes(only) : given === only)
      : (given) => wanted.some((one) => has(given, one));
  switch (operator) {
    case 'anyOf':
      return hasAny;
    case 'noneOf':
      return (given) => !hasAny(given);
    case 'allOf':
      return (given) => wanted.every((one) => has(given, one));
    default:
      return never;
  }
}

const never: Test = () => false;
