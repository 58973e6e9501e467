import type { Catalogue } from '$lib/core/definitions';
import type { Graph, StepNode } from '$lib/core/graph';
import type { Id } from '$lib/core/ids';
import { shownBranches } from '../branches';
import { after, ENTRY, placeKey, stepIn, targetAt, type Place } from '../places';
import { branchName } from '$lib/views/catalogue/units';

/** A graph as a list to be read from top to bottom: steps, the gaps between them, and branches further in. */
export type OutlineItem =
  /** `branch`: its name, where there are several. `passed`: under which count those who go along are kept; null where a heading says it. */
  | {
      readonly is: 'add';
      readonly key: string;
      readonly place: Place;
      readonly after: Id | null;
      readonly branch: string | null;
      readonly passed: string | null;
    }
  | { readonly is: 'step'; readonly key: string; readonly id: Id }
  /** The path goes on at a step that the list shows elsewhere. */
  | { readonly is: 'join'; readonly key: string; readonly id: Id }
  | { readonly is: 'branches'; readonly key: string; readonly branches: readonly OutlineBranch[] };

interface OutlineBranch {
  readonly key: string;
  readonly name: string;
  readonly isYes: boolean;
  readonly countKey: string;
  readonly items: readonly OutlineItem[];
}

export function outline(graph: Graph, catalogue: Catalogue): { path: OutlineItem[]; orphans: OutlineItem[][] } {
  const shown = new Set<Id>();
  const path = pathFrom(graph, catalogue, ENTRY, null, shown);
  const orphans: OutlineItem[][] = [];
  const led = new Set(graph.steps.flatMap(({ next }) => Object.values(next)));
  // Parts without a way to them: from their first steps, then whatever turns in itself.
  for (const { id } of [...graph.steps].sort((a, b) => Number(led.has(a.id)) - Number(led.has(b.id)))) {
    if (!shown.has(id)) orphans.push(stepItems(graph, catalogue, id, shown));
  }
  return { path, orphans };
}

function pathFrom(graph: Graph, catalogue: Catalogue, place: Place, from: Id | null, shown: Set<Id>): OutlineItem[] {
  const target = targetAt(graph, place);
  const step = place.at === 'branch' ? (stepIn(graph, place.stepId) as StepNode) : null;
  const isNamed = step !== null && shownBranches(step, catalogue).length > 1;
  const branch = isNamed && place.at === 'branch' ? branchName(step.unit, place.branch, step.fields) : null;
  const passed = place.at === 'entry' || isNamed ? null : `${place.stepId} ${place.branch}`;
  const add: OutlineItem = { is: 'add', key: placeKey(place), place, after: from, branch, passed };
  if (target === null || !stepIn(graph, target)) return [add];
  if (shown.has(target)) return [add, { is: 'join', key: `${placeKey(place)} join`, id: target }];
  return [add, ...stepItems(graph, catalogue, target, shown)];
}

function stepItems(graph: Graph, catalogue: Catalogue, id: Id, shown: Set<Id>): OutlineItem[] {
  const step = stepIn(graph, id);
  if (!step) return [];
  shown.add(id);
  const item: OutlineItem = { is: 'step', key: id, id };
  const branches = shownBranches(step, catalogue);
  const [only] = branches;
  if (only === undefined) return [item];
  if (branches.length === 1) return [item, ...pathFrom(graph, catalogue, after(id, only.branch), id, shown)];
  return [
    item,
    {
      is: 'branches',
      key: `${id} branches`,
      branches: branches.map(({ branch }) => ({
        key: `${id} ${branch}`,
        countKey: `${id} ${branch}`,
        name: branchName(step.unit, branch, step.fields),
        isYes: branch === 'yes',
        items: pathFrom(graph, catalogue, after(id, branch), id, shown)
      }))
    }
  ];
}

/** The places of a list from top to bottom. */
export function placesOfOutline({ path, orphans }: ReturnType<typeof outline>): Place[] {
  const within = (item: OutlineItem): Place[] => {
    if (item.is === 'add') return [item.place];
    return item.is === 'branches' ? item.branches.flatMap(({ items }) => items.flatMap(within)) : [];
  };
  return [path, ...orphans].flatMap((items) => items.flatMap(within));
}
