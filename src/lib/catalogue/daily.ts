import type { DailyCheck } from '$lib/core/definitions';
import type { FilterTree } from '$lib/core/filter-tree';
import type { WorkspaceView } from '$lib/core/tables';
import { compileFilter } from '$lib/filters/compile';
import { needsOf } from '$lib/filters/needs';
import { filterTime } from '$lib/filters/time';

/** The daily check that finds whoever meets a tree. */
export function lookBy(
  tree: FilterTree,
  properties: Readonly<Record<string, unknown>>,
  { finds, time, timeZone }: { finds: 'each' | 'joining'; time: string; timeZone: string },
  view: WorkspaceView
): DailyCheck {
  return {
    time,
    timeZone: timeZone === '' ? null : timeZone,
    finds,
    missed: 'latest',
    among: tree,
    needs: (now) => needsOf(tree, filterTime(view, now)),
    look: (_, now) => {
      const meets = compileFilter(tree, filterTime(view, now));
      return (contact, related) => (meets(contact, null, related) ? properties : null);
    }
  };
}

/** A check writes its events for one trigger, or one waiting step, alone. */
export function isOfThisCheck({
  properties,
  automationId,
  nodeId
}: {
  readonly properties: { readonly automationId: string | null; readonly nodeId: string };
  readonly automationId: string;
  readonly nodeId: string;
}): boolean {
  return properties.automationId === automationId && properties.nodeId === nodeId;
}
