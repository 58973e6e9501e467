import { conditionsOf, isCondition, type Condition, type FilterTree } from '$lib/core/filter-tree';
import type { WorkspaceView } from '$lib/core/tables';
import { words, type Words } from '$lib/core/words';
import { conditionWords } from '$lib/filters/words';

/**
 * What the filters of a trigger say, on its card: the one condition, or how many there are. `any`: the key of what is said while
 * everything gets in.
 */
export function filteredSentence(filters: FilterTree | null, view: WorkspaceView, any: string): Words {
  const count = filters === null ? 0 : conditionsOf(filters).length;
  if (filters === null || count === 0) return words(any);
  const only = onlyCondition(filters);
  return only === null ? words('words.filter.several', { count }) : conditionWords(only, view);
}

/** Null where there are several, or the one is negated. */
function onlyCondition(tree: FilterTree): Condition | null {
  if (isCondition(tree)) return tree;
  const [only, ...others] = tree.op === 'not' ? [] : tree.of;
  return only !== undefined && others.length === 0 ? onlyCondition(only) : null;
}
