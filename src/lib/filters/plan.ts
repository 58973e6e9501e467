import { isCondition, type Condition, type FilterTree } from '$lib/core/filter-tree';
import type { FilterTime } from './compile';
import { segmentIdsOf, withoutSegment } from './subjects';

/** A way to contacts that is shorter than looking at all: by an index of theirs, or by rows that belong to them. */
export type Access =
  | { readonly by: 'lists'; readonly ids: readonly string[] }
  | { readonly by: 'companies'; readonly ids: readonly string[] }
  | { readonly by: 'deals' | 'tasks' | 'vouchers' | 'memberships' }
  | { readonly by: 'events'; readonly type: string };

/** Where the contacts are that may meet a tree: everywhere (null), in one place of several that each hold all, in some of several. */
export type Plan = null | Access | { readonly either: readonly Plan[] } | { readonly union: readonly Plan[] };

/** Whoever meets the tree is found by the plan; it may find others too, who have to be asked. */
export function planFilter(tree: FilterTree | null, time: FilterTime): Plan {
  if (tree === null) return null;
  if (isCondition(tree)) return accessOf(tree, time);
  if (tree.op === 'not' || tree.of.length === 0) return null;
  const parts = tree.of.map((part) => planFilter(part, time));
  if (tree.op === 'any') return parts.includes(null) ? null : { union: parts };
  const known = parts.filter((part) => part !== null);
  return known.length === 0 ? null : { either: known };
}

/** The operators that hold for nobody without such a row. */
const POSITIVE: ReadonlySet<string> = new Set(['anyOf', 'allOf', 'isKnown']);

function accessOf({ subject, operator, value }: Condition, time: FilterTime): Plan {
  const ids = Array.isArray(value) ? value.map(String) : [];
  switch (subject.of) {
    case 'lists':
      return operator === 'anyOf' || operator === 'allOf'
        ? { by: 'lists', ids: operator === 'allOf' ? ids.slice(0, 1) : ids }
        : null;
    case 'contact':
      return subject.field === 'companyId' && operator === 'anyOf' ? { by: 'companies', ids } : null;
    case 'programs':
    case 'tiers':
      return POSITIVE.has(operator) ? { by: 'memberships' } : null;
    case 'balance':
      return operator === 'isUnknown' || operator === 'differs' ? null : { by: 'memberships' };
    case 'segments':
      return operator === 'anyOf'
        ? {
            union: segmentIdsOf(value, time).map((id) =>
              planFilter(time.segments?.get(id)?.filters ?? null, withoutSegment(time, id))
            )
          }
        : null;
    case 'count':
      if (!needsOne(operator, value)) return null;
      return subject.what === 'events' ? { by: 'events', type: subject.event ?? '' } : { by: subject.what };
    case 'last':
      return isNegative(operator) ? null : { by: 'events', type: subject.event };
    default:
      return null;
  }
}

function isNegative(operator: string): boolean {
  return ['isUnknown', 'isNot', 'doesNotContain', 'differs', 'noneOf'].includes(operator);
}

/** Whether a count that holds is one at least. */
function needsOne(operator: string, value: Condition['value']): boolean {
  const [low] = (Array.isArray(value) ? value : [value]).map(Number);
  if (low === undefined) return false;
  return (
    (operator === 'above' && low >= 0) ||
    ((operator === 'atLeast' || operator === 'equals' || operator === 'between') && low > 0)
  );
}
