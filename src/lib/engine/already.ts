import type { Catalogue } from '$lib/core/definitions';
import type { Fields, ValuesOf } from '$lib/core/fields';
import type { FilterTree } from '$lib/core/filter-tree';
import type { Graph } from '$lib/core/graph';
import type { WorkspaceView } from '$lib/core/tables';
import { fieldsOf } from '$lib/core/unit-fields';

/** The contacts that an automation's triggers would let in if what they listen to happened now; null where no trigger can say. */
export function alreadyMeeting(graph: Graph, catalogue: Catalogue, view: WorkspaceView): FilterTree | null {
  const trees = graph.triggers.flatMap((trigger): FilterTree[] => {
    const definition = catalogue.triggers.get(trigger.unit);
    if (!definition) return [];
    const fields = fieldsOf(trigger, definition) as ValuesOf<Fields>;
    if (definition.already) {
      const tree = definition.already({ fields, view });
      return tree === null ? [] : [tree];
    }
    const where = (fields.filters ?? null) as FilterTree | null;
    const subject = { of: 'count', what: 'events', event: definition.event.type, where } as const;
    return [{ subject, kind: 'number', operator: 'atLeast', value: 1 }];
  });
  return trees.length === 0 ? null : { op: 'any', of: trees };
}
