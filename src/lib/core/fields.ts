import * as v from 'valibot';
import { isTimeZone } from './calendar';
import { filterTreeSchema, type FilterTree } from './filter-tree';
import { durationSchema, timeWindowSchema, type CalendarDuration, type TimeWindow } from './graph';
import { moneySchema, type Money } from './money';
import type { ReferenceTable } from './references';
import { attributeValueSchema, type AttributeKind, type AttributeValue } from './rows/contacts';
import type { Channel } from './rows/messages';

/**
 * One field of a definition (of a unit, an event type, a provider, a source). From it derive the form's control, the validation,
 * the JSON Schema, the filter conditions on an event property, and the help. Labels and helps are messages by
 * `<definition's key>.fields.<name>.label` and `.help`.
 */
export interface Field<T = unknown> {
  readonly control: Control;
  readonly required: boolean;
  readonly initial: T;
  readonly schema: v.GenericSchema<unknown, T>;
}

/** How a field is edited; what the form, the filter builder and the checks switch over. */
export type Control =
  | { readonly kind: 'text'; readonly long?: boolean; readonly liquid?: boolean }
  | { readonly kind: 'number'; readonly integer?: boolean; readonly min?: number; readonly max?: number }
  | { readonly kind: 'yesNo' }
  /** `brands`: names of options that are the same in all languages. */
  | {
      readonly kind: 'choice';
      readonly options: readonly string[];
      readonly brands?: Readonly<Record<string, string>>;
    }
  | { readonly kind: 'instant' }
  | { readonly kind: 'money' }
  | { readonly kind: 'url'; readonly liquid?: boolean }
  | { readonly kind: 'secret' }
  | { readonly kind: 'duration' }
  | { readonly kind: 'limit' }
  | { readonly kind: 'window' }
  | ({ readonly kind: 'reference'; readonly table: ReferenceTable; readonly many: boolean } & Only)
  | { readonly kind: 'step' }
  | { readonly kind: 'assignment'; readonly of: AssignmentTarget }
  | { readonly kind: 'clock' }
  | { readonly kind: 'timeZone' }
  | { readonly kind: 'moment' }
  /** A filter tree on contacts. */
  | { readonly kind: 'filters' }
  /** The settings of the trigger whose id the field named holds. */
  | { readonly kind: 'triggerFields'; readonly of: string }
  /** Any JSON object, such as the answers of a form. */
  | { readonly kind: 'json' }
  | { readonly kind: 'pairs'; readonly secret: boolean }
  | { readonly kind: 'mapping' }
  | { readonly kind: 'branches' }
  /** Of any event, or of those that a trigger listens to. */
  | { readonly kind: 'eventType'; readonly triggersOnly: boolean }
  /** Conditions on an event's properties: of the type given, or of the type chosen in the field named. */
  | { readonly kind: 'eventFilters'; readonly properties?: Fields; readonly of?: string }
  | { readonly kind: 'items'; readonly of: Fields };

/** Which rows of the table may be chosen: accounts of this channel, attributes of this kind. */
export interface Only {
  readonly channel?: Channel;
  readonly attributeKind?: AttributeKind;
}

/** Whose attribute is set: what may be chosen is told by `assignable`. */
export type AssignmentTarget = 'contact' | 'company' | 'deal';

export type Fields = Readonly<Record<string, Field>>;

/** The values that a definition's fields hold. */
export type ValuesOf<F extends Fields> = { readonly [K in keyof F]: F[K] extends Field<infer T> ? T : never };

interface Need {
  readonly required?: boolean;
}

function field<T>(control: Control, required: boolean, initial: T, schema: v.GenericSchema<unknown, T>): Field<T> {
  return { control, required, initial, schema };
}

export function text(
  options: Need & { long?: boolean; liquid?: boolean; max?: number; initial?: string } = {}
): Field<string> {
  const { required = false, long = false, liquid = false, max = long ? 100_000 : 1_000, initial = '' } = options;
  const length = v.pipe(v.string(), v.maxLength(max));
  return field(
    { kind: 'text', long, liquid },
    required,
    initial,
    required
      ? v.pipe(
          length,
          v.check((value) => value.trim() !== '')
        )
      : length
  );
}

export function number(
  options: Need & { integer?: boolean; min?: number; max?: number; initial?: number } = {}
): Field<number | null> {
  const {
    required = false,
    integer = false,
    min = -Number.MAX_SAFE_INTEGER,
    max = Number.MAX_SAFE_INTEGER,
    initial = null
  } = options;
  const value = v.pipe(
    v.number(),
    v.finite(),
    v.minValue(min),
    v.maxValue(max),
    v.check((n) => !integer || Number.isInteger(n))
  );
  return field<number | null>(
    { kind: 'number', integer, min, max },
    required,
    initial,
    required ? value : v.nullable(value)
  );
}

export function yesNo(initial = false): Field<boolean> {
  return field({ kind: 'yesNo' }, false, initial, v.boolean());
}

export function choice<const T extends string>(
  options: readonly T[],
  initial: T,
  brands?: Readonly<Record<string, string>>
): Field<T> {
  const control: Control = { kind: 'choice', options, ...(brands ? { brands } : {}) };
  return field<T>(control, true, initial, v.picklist(options));
}

/** An instant in epoch milliseconds. */
export function instant(need: Need = {}): Field<number | null> {
  const { required = false } = need;
  return field<number | null>({ kind: 'instant' }, required, null, required ? v.number() : v.nullable(v.number()));
}

export function money(need: Need = {}): Field<Money | null> {
  const { required = false } = need;
  return field<Money | null>({ kind: 'money' }, required, null, required ? moneySchema : v.nullable(moneySchema));
}

/** An http or https address; with `liquid` it may hold placeholders. */
export function url(options: Need & { liquid?: boolean; initial?: string } = {}): Field<string> {
  const { required = false, liquid = false, initial = '' } = options;
  const address = v.pipe(
    v.string(),
    v.maxLength(2_000),
    v.check((value) => (value === '' ? !required : isHttpUrl(value)))
  );
  return field({ kind: 'url', liquid }, required, initial, address);
}

/** Whole, with its scheme and a host. */
export function isHttpUrl(value: string): boolean {
  return /^https?:\/\/[^\s/$.?#][^\s]*$/i.test(value);
}

/** The id of a row in `secrets`; the value itself is typed in the form, goes to the worker and is encrypted there. */
export function secret(need: Need = {}): Field<string | null> {
  const { required = false } = need;
  return field<string | null>(
    { kind: 'secret' },
    required,
    null,
    required ? v.pipe(v.string(), v.minLength(1)) : v.nullable(v.string())
  );
}

export function duration(initial: CalendarDuration = { amount: 1, unit: 'days' }): Field<CalendarDuration> {
  return field({ kind: 'duration' }, true, initial, durationSchema);
}

/** A time limit; null: none. */
export function limit(initial: CalendarDuration | null = null): Field<CalendarDuration | null> {
  return field<CalendarDuration | null>({ kind: 'limit' }, false, initial, v.nullable(durationSchema));
}

/** Weekdays and hours; null: any time. */
export function timeWindow(): Field<TimeWindow | null> {
  return field<TimeWindow | null>({ kind: 'window' }, false, null, v.nullable(timeWindowSchema));
}

export function reference(table: ReferenceTable, need: Need & Only = {}): Field<string | null> {
  const { required = false, ...only } = need;
  return field<string | null>(
    { kind: 'reference', table, many: false, ...only },
    required,
    null,
    required ? v.pipe(v.string(), v.minLength(1)) : v.nullable(v.string())
  );
}

export function references(table: ReferenceTable, need: Need & Only = {}): Field<readonly string[]> {
  const { required = false, ...only } = need;
  const ids = v.array(v.pipe(v.string(), v.minLength(1)));
  return field<readonly string[]>(
    { kind: 'reference', table, many: true, ...only },
    required,
    [],
    required ? v.pipe(ids, v.minLength(1)) : ids
  );
}

/** A step of the same automation. */
export function step(): Field<string | null> {
  return field<string | null>({ kind: 'step' }, true, null, v.pipe(v.string(), v.minLength(1)));
}

/** An hour of the day, `HH:MM`. */
export function clock(initial = '09:00'): Field<string> {
  return field({ kind: 'clock' }, true, initial, v.pipe(v.string(), v.regex(/^([01]\d|2[0-3]):[0-5]\d$/)));
}

/** An IANA time zone; '': the workspace's. */
export function timeZone(): Field<string> {
  return field(
    { kind: 'timeZone' },
    false,
    '',
    v.pipe(
      v.string(),
      v.check((value) => value === '' || isTimeZone(value))
    )
  );
}

/** When: at an instant (epoch ms), or so many days on, at an hour of the day in the workspace's time zone. */
export const momentSchema = v.variant('at', [
  v.object({ at: v.literal('instant'), instant: v.number() }),
  v.object({
    at: v.literal('days'),
    days: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(3_650)),
    time: v.pipe(v.string(), v.regex(/^([01]\d|2[0-3]):[0-5]\d$/))
  })
]);
export type Moment = v.InferOutput<typeof momentSchema>;

/** Null: at once (of a message), or never (of a due date). */
export function moment(): Field<Moment | null> {
  return field<Moment | null>({ kind: 'moment' }, false, null, v.nullable(momentSchema));
}

/** A filter tree on contacts, as segments have. */
export function filters(need: Need = {}): Field<FilterTree | null> {
  const { required = false } = need;
  return field<FilterTree | null>(
    { kind: 'filters' },
    required,
    null,
    required ? filterTreeSchema : v.nullable(filterTreeSchema)
  );
}

/** The settings of the trigger whose id the field `of` holds. */
export function triggerFields(of: string): Field<Readonly<Record<string, unknown>>> {
  return field<Readonly<Record<string, unknown>>>(
    { kind: 'triggerFields', of },
    false,
    {},
    v.record(v.string(), v.unknown())
  );
}

/** Any JSON object. */
export function json(): Field<Readonly<Record<string, unknown>>> {
  return field<Readonly<Record<string, unknown>>>({ kind: 'json' }, false, {}, v.record(v.string(), v.unknown()));
}

/** An attribute and what it becomes. */
export const assignmentSchema = v.object({
  attributeId: v.pipe(v.string(), v.minLength(1)),
  value: v.variant('from', [
    v.object({ from: v.literal('fixed'), value: attributeValueSchema }),
    v.object({ from: v.literal('event'), property: v.pipe(v.string(), v.minLength(1)) }),
    v.object({ from: v.literal('attribute'), attributeId: v.pipe(v.string(), v.minLength(1)) }),
    v.object({ from: v.literal('now') }),
    v.object({ from: v.literal('clear') }),
    v.object({ from: v.literal('add'), amount: v.pipe(v.number(), v.finite()) }),
    v.object({ from: v.literal('subtract'), amount: v.pipe(v.number(), v.finite()) }),
    v.object({ from: v.literal('addChoices'), values: v.pipe(v.array(v.string()), v.minLength(1)) }),
    v.object({ from: v.literal('removeChoices'), values: v.pipe(v.array(v.string()), v.minLength(1)) })
  ])
});
export type Assignment = v.InferOutput<typeof assignmentSchema>;
export type AssignedValue = Assignment['value'];

export function assignment(of: AssignmentTarget = 'contact'): Field<Assignment> {
  const initial: Assignment = { attributeId: '', value: { from: 'fixed', value: '' } };
  return field({ kind: 'assignment', of }, true, initial, assignmentSchema);
}

/** Names and values, such as HTTP headers. A secret pair holds the id of a row in `secrets` as its value. */
export interface Pair {
  name: string;
  value: string;
  secret?: boolean;
}
export function pairs(options: { secret?: boolean } = {}): Field<readonly Pair[]> {
  const pair = v.object({
    name: v.pipe(v.string(), v.minLength(1)),
    value: v.string(),
    secret: v.optional(v.boolean())
  });
  return field<readonly Pair[]>({ kind: 'pairs', secret: options.secret ?? false }, false, [], v.array(pair));
}

/** Paths into a JSON answer (`user.plan`) → the attribute that takes the value found there. */
export interface Mapped {
  path: string;
  attributeId: string;
}
export function mapping(): Field<readonly Mapped[]> {
  const mapped = v.object({
    path: v.pipe(v.string(), v.minLength(1)),
    attributeId: v.pipe(v.string(), v.minLength(1))
  });
  return field<readonly Mapped[]>({ kind: 'mapping' }, false, [], v.array(mapped));
}

/** Named ways out of a split, tried in order. `id` is the branch in the step's `next`. */
export interface BranchField {
  id: string;
  name: string;
  filters: FilterTree | null;
}
export function branches(): Field<readonly BranchField[]> {
  const branch = v.object({
    id: v.pipe(v.string(), v.minLength(1)),
    name: v.pipe(v.string(), v.minLength(1)),
    filters: v.nullable(filterTreeSchema)
  });
  const initial: readonly BranchField[] = [
    { id: 'a', name: 'A', filters: null },
    { id: 'b', name: 'B', filters: null }
  ];
  return field<readonly BranchField[]>(
    { kind: 'branches' },
    true,
    initial,
    v.pipe(v.array(branch), v.minLength(2), v.maxLength(10))
  );
}

/**
 * What a step does when its call has failed for good: go on as if it had been made, go down the failure branch, leave, or wait for
 * the user. The engine reads it from the field `onFailure`.
 */
export const FAILURE_POLICIES = ['continue', 'branch', 'exit', 'wait'] as const;
export type FailurePolicy = (typeof FAILURE_POLICIES)[number];
export function failurePolicy(): Field<FailurePolicy> {
  return choice(FAILURE_POLICIES, 'wait');
}

/** The id of an event type. `triggersOnly`: of a trigger, whose settings the step then takes. */
export function eventType(initial: string, { triggersOnly = false } = {}): Field<string> {
  return field({ kind: 'eventType', triggersOnly }, true, initial, v.pipe(v.string(), v.minLength(1)));
}

/** Optional conditions on the properties of an event. Give the properties, or the name of the field that chooses the type. */
export function eventFilters(of: Fields | string): Field<FilterTree | null> {
  const control: Control =
    typeof of === 'string' ? { kind: 'eventFilters', of } : { kind: 'eventFilters', properties: of };
  return field<FilterTree | null>(control, false, null, v.nullable(filterTreeSchema));
}

/** Repeated groups of fields, such as the items of a cart. */
export function items<F extends Fields>(of: F): Field<readonly ValuesOf<F>[]> {
  return field<readonly ValuesOf<F>[]>({ kind: 'items', of }, false, [], v.array(valuesSchema(of)));
}

/** The schema of all values of some fields. Unknown properties are kept (a newer device may have written them). */
export function valuesSchema<F extends Fields>(fields: F): v.GenericSchema<unknown, ValuesOf<F>> {
  const entries = Object.fromEntries(
    Object.entries(fields).map(([name, { schema, required, initial }]) => [
      name,
      required ? schema : v.optional(schema, initial as never)
    ])
  );
  return v.looseObject(entries) as unknown as v.GenericSchema<unknown, ValuesOf<F>>;
}

/** What a new step or record starts with. */
export function initialValues<F extends Fields>(fields: F): ValuesOf<F> {
  return Object.fromEntries(Object.entries(fields).map(([name, { initial }]) => [name, initial])) as ValuesOf<F>;
}

export type { AttributeValue };
