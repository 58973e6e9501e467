import * as v from 'valibot';

/** What a condition looks at. `event` is the event in hand: the one that is being matched, or the one that let the contact in. */
const subjectSchema = v.variant('of', [
  v.object({
    of: v.literal('contact'),
    field: v.picklist(['email', 'phone', 'externalId', 'createdAt', 'blocklisted'])
  }),
  v.object({ of: v.literal('attribute'), attributeId: v.string() }),
  v.object({ of: v.literal('lists') }),
  v.object({ of: v.literal('event'), property: v.string() })
]);
export type Subject = v.InferOutput<typeof subjectSchema>;

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

const conditionSchema = v.object({
  subject: subjectSchema,
  /** The kind of value, fixed when the condition is made: a later change of the attribute's kind is a problem to be shown. */
  kind: v.picklist(Object.keys(OPERATORS) as ComparedKind[]),
  operator: v.string() as v.GenericSchema<Operator>,
  /** Operand: text, number, ISO date `YYYY-MM-DD`, ids of choices, or `[from, to]` for `between`. Absent where none is needed. */
  value: v.optional(v.union([v.string(), v.number(), v.boolean(), v.array(v.string()), v.array(v.number())]))
});
export type Condition = v.InferOutput<typeof conditionSchema>;

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
