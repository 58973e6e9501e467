import { isCondition, OPERATORS, type Condition, type FilterTree, type Operator } from '$lib/core/filter-tree';

/** How the parts of a group combine: all of them, at least one, none, or not all. */
export const MODES = ['all', 'any', 'none', 'notAll'] as const;
export type Mode = (typeof MODES)[number];

/** A tree as it is edited: groups of conditions and groups. */
export interface EditedGroup {
  readonly mode: Mode;
  readonly of: readonly FilterTree[];
}

/** Null, a lone condition and a negation are groups too. */
export function groupOf(tree: FilterTree | null): EditedGroup {
  if (tree === null) return { mode: 'all', of: [] };
  if (isCondition(tree)) return { mode: 'all', of: [tree] };
  if (tree.op !== 'not') return { mode: tree.op, of: tree.of };
  const inner = groupOf(tree.of);
  if (inner.mode === 'any') return { mode: 'none', of: inner.of };
  if (inner.mode === 'all') return { mode: inner.of.length > 1 ? 'notAll' : 'none', of: inner.of };
  return { mode: 'none', of: [tree.of] };
}

export function treeOf({ mode, of }: EditedGroup): FilterTree {
  const parts = [...of];
  if (mode === 'none') return { op: 'not', of: { op: 'any', of: parts } };
  return mode === 'notAll' ? { op: 'not', of: { op: 'all', of: parts } } : { op: mode, of: parts };
}

/** What is kept of a whole tree: null where there is no condition left. */
export function tidyTree(group: EditedGroup): FilterTree | null {
  return group.of.length === 0 ? null : treeOf(group);
}

export function withPart(group: EditedGroup, at: number, part: FilterTree | null): EditedGroup {
  const of = group.of.flatMap((one, index) => (index === at ? (part ?? []) : one));
  return { ...group, of };
}

/** A tree without the conditions that wait for what they compare with; null where none is left. */
export function finishedTree(tree: FilterTree | null): FilterTree | null {
  if (tree === null) return null;
  if (isCondition(tree)) return isUnfinished(tree) ? null : tree;
  if (tree.op === 'not') {
    const of = finishedTree(tree.of);
    return of && { op: 'not', of };
  }
  const of = tree.of.flatMap((part) => finishedTree(part) ?? []);
  return of.length === 0 ? null : { op: tree.op, of };
}

function isUnfinished({ kind, operator, value }: Condition): boolean {
  const operand = operandOf(kind, operator);
  if (operand === 'text') return typeof value !== 'string' || value.trim() === '';
  return operand === 'choices' && (!Array.isArray(value) || value.length === 0);
}

/** What an operator compares with. */
export type Operand = 'none' | 'text' | 'number' | 'numbers' | 'date' | 'dates' | 'days' | 'choices';

export function operandOf(kind: Condition['kind'], operator: Operator): Operand {
  if (operator === 'isKnown' || operator === 'isUnknown' || kind === 'yesNo') return 'none';
  if (kind === 'text') return 'text';
  if (kind === 'number') return operator === 'between' ? 'numbers' : 'number';
  if (kind === 'choice' || kind === 'choices') return 'choices';
  if (operator === 'between') return 'dates';
  return operator === 'inLast' || operator === 'inNext' ? 'days' : 'date';
}

/** What a condition compares with before anybody has said. Dates start with today: an empty one cannot be compared. */
function initialOperand(operand: Operand): Condition['value'] {
  const today = new Intl.DateTimeFormat('sv').format(new Date());
  switch (operand) {
    case 'none':
      return undefined;
    case 'text':
      return '';
    case 'number':
      return 0;
    case 'numbers':
      return [0, 0];
    case 'date':
      return today;
    case 'dates':
      return [today, today];
    case 'days':
      return 7;
    case 'choices':
      return [];
  }
}

/** The same subject with another operator: the operand stays where it still fits. */
export function withOperator(condition: Condition, operator: Operator): Condition {
  const before = operandOf(condition.kind, condition.operator);
  const now = operandOf(condition.kind, operator);
  const { value, ...rest } = condition;
  const kept = before === now ? value : initialOperand(now);
  return { ...rest, operator, ...(kept === undefined ? {} : { value: kept }) };
}

export function newCondition(subject: Condition['subject'], kind: Condition['kind']): Condition {
  // 'Has ever' is what is asked most of what was done.
  if (subject.of === 'count') return { subject, kind, operator: 'atLeast', value: 1 };
  const operator = OPERATORS[kind][0];
  const value = initialOperand(operandOf(kind, operator));
  return { subject, kind, operator, ...(value === undefined ? {} : { value }) };
}
