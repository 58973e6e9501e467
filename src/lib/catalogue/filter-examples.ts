import type { ComparedKind, Condition, Operator } from '$lib/core/filter-tree';

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
