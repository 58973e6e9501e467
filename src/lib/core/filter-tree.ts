import * as v from 'valibot';

/** Rows that belong to a contact, and what it did: what `count` counts. */
export const COUNTED = ['events', 'deals', 'tasks', 'vouchers'] as const;
export type Counted = (typeof COUNTED)[number];

export type Subject =
  | {
      of: 'contact';
      field: (typeof CONTACT_FIELDS)[number];
    }
  | { of: 'attribute'; attributeId: string }
  | { of: 'lists' }
  | { of: 'segments' }
  /** the contact's company: an attribute of it, or its name (null) */
  | { of: 'company'; attributeId: string | null }
  /** programmes that it is a member of, tiers that it has reached */
  | { of: 'programs' }
  | { of: 'tiers' }
  | { of: 'balance'; balanceId: string }
  /**
   * How many rows there are that meet `where` (conditions on the row's properties, subject `event`), of the last `days` days.
   * `event`: the type, where events are counted.
   */
  | { of: 'count'; what: Counted; event?: string; where?: FilterTree | null; days?: number | null }
  /** The last event of a type: one of its properties, or when it was (null). */
  | { of: 'last'; event: string; property: string | null }
  /** The event in hand: the one that is being matched, or the one that let the contact in. `items.name`: any of the items. */
  | { of: 'event'; property: string };

export const CONTACT_FIELDS = [
  'email',
  'phone',
  'externalId',
  'createdAt',
  'ownerId',
  'companyId',
  'blocklisted',
  'smsBlocklisted'
] as const;

/** What a condition looks at. */
const subjectSchema: v.GenericSchema<Subject> = v.variant('of', [
  v.object({ of: v.literal('contact'), field: v.picklist(CONTACT_FIELDS) }),
  v.object({ of: v.literal('attribute'), attributeId: v.string() }),
  v.object({ of: v.literal('lists') }),
  v.object({ of: v.literal('segments') }),
  v.object({ of: v.literal('company'), attributeId: v.nullable(v.string()) }),
  v.object({ of: v.literal('programs') }),
  v.object({ of: v.literal('tiers') }),
  v.object({ of: v.literal('balance'), balanceId: v.string() }),
  v.object({
    of: v.literal('count'),
    what: v.picklist(COUNTED),
    event: v.optional(v.string()),
    where: v.optional(v.nullable(v.lazy(() => filterTreeSchema))),
    days: v.optional(v.nullable(v.pipe(v.number(), v.integer(), v.minValue(1))))
  }),
  v.object({ of: v.literal('last'), event: v.string(), property: v.nullable(v.string()) }),
  v.object({ of: v.literal('event'), property: v.string() })
]);

/**
 * Operators by the kind of value they look at. Texts compare without case or accents. `between` includes both ends; `inLast` and
 * `inNext` count days; `matches` takes the wildcards * and ?.
 */
export const OPERATORS = {
  text: ['is', 'isNot', 'contains', 'doesNotContain', 'startsWith', 'matches', 'isKnown', 'isUnknown'],
  number: ['equals', 'differs', 'below', 'atMost', 'above', 'atLeast', 'between', 'isKnown', 'isUnknown'],
  date: ['on', 'before', 'after', 'between', 'inLast', 'inNext', 'isKnown', 'isUnknown'],
  yesNo: ['isTrue', 'isFalse', 'isKnown', 'isUnknown'],
  choice: ['anyOf', 'noneOf', 'isKnown', 'isUnknown'],
  choices: ['anyOf', 'allOf', 'noneOf', 'isKnown', 'isUnknown']
} as const;
export type ComparedKind = keyof typeof OPERATORS;
export type Operator = (typeof OPERATORS)[ComparedKind][number];

export interface Condition {
  subject: Subject;
  kind: ComparedKind;
  operator: Operator;
  value?: string | number | boolean | string[] | number[] | undefined;
}

const conditionSchema: v.GenericSchema<Condition> = v.object({
  subject: subjectSchema,
  /** The kind of value, fixed when the condition is made: a later change of the attribute's kind is a problem to be shown. */
  kind: v.picklist(Object.keys(OPERATORS) as ComparedKind[]),
  operator: v.string() as v.GenericSchema<Operator>,
  /** Operand: text, number, ISO date `YYYY-MM-DD`, ids of choices, or `[from, to]` for `between`. Absent where none is needed. */
  value: v.optional(v.union([v.string(), v.number(), v.boolean(), v.array(v.string()), v.array(v.number())]))
});

export interface Group {
  op: 'all' | 'any';
  of: FilterTree[];
}
export interface Negation {
  op: 'not';
  of: FilterTree;
}

/** One filter tree serves segments, triggers, event filters, splits, waits, exit conditions and the contacts table. */
export type FilterTree = Group | Negation | Condition;

export const filterTreeSchema: v.GenericSchema<FilterTree> = v.union([
  v.object({ op: v.picklist(['all', 'any']), of: v.array(v.lazy(() => filterTreeSchema)) }),
  v.object({ op: v.literal('not'), of: v.lazy(() => filterTreeSchema) }),
  conditionSchema
]);

export function isCondition(tree: FilterTree): tree is Condition {
  return 'subject' in tree;
}

/** All conditions of a tree, depth first. */
export function conditionsOf(tree: FilterTree): Condition[] {
  if (isCondition(tree)) return [tree];
  return tree.op === 'not' ? conditionsOf(tree.of) : tree.of.flatMap(conditionsOf);
}
