import { isCondition, type Condition, type FilterTree } from '$lib/core/filter-tree';
import type { Contact } from '$lib/core/rows/contacts';
import type { Related } from '$lib/core/related';
import { compileFilter, type EventProperties, type FilterTime } from './compile';
import { readerOf } from './subjects';

/** Why a tree holds or does not: the tree again, each part with its verdict, each condition with the value it saw. */
export type Explanation =
  | { readonly holds: boolean; readonly condition: Condition; readonly value: unknown }
  | { readonly holds: boolean; readonly op: 'all' | 'any' | 'not'; readonly of: readonly Explanation[] };

/** Explains every part, also those that would not have been looked at. */
export function explainFilter(
  tree: FilterTree,
  contact: Contact,
  event: EventProperties,
  time: FilterTime,
  related?: Related
): Explanation {
  if (isCondition(tree)) {
    return {
      holds: compileFilter(tree, time)(contact, event, related),
      condition: tree,
      value: readerOf(tree, time)(contact, event, related)
    };
  }
  const parts = (tree.op === 'not' ? [tree.of] : tree.of).map((part) =>
    explainFilter(part, contact, event, time, related)
  );
  const verdicts = parts.map((part) => part.holds);
  const holds =
    tree.op === 'not'
      ? !verdicts[0]
      : verdicts.length === 0 || (tree.op === 'all' ? !verdicts.includes(false) : verdicts.includes(true));
  return { holds, op: tree.op, of: parts };
}

type Decisive = Extract<Explanation, { readonly condition: unknown }>;

/** The first condition that decided, depth first, with the value it saw: what a journal line names. */
export function decisive(explanation: Explanation): Decisive | null {
  if ('condition' in explanation) return explanation;
  for (const part of explanation.of) {
    // What a negation says is decided by what it denies.
    if (explanation.op !== 'not' && part.holds !== explanation.holds) continue;
    const found = decisive(part);
    if (found) return found;
  }
  return null;
}
