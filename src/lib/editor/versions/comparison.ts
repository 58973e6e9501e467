import type { Catalogue } from '$lib/core/definitions';
import type { AutomationSettings, Graph, StepNode } from '$lib/core/graph';
import type { Id } from '$lib/core/ids';
import { versionDiff, type ChangeKind, type VersionDiff } from '$lib/engine/version-diff';
import { branchName } from '$lib/views/catalogue/units';
import type { Marked } from '../canvas/flow';
import type { FlowEdge } from '../canvas/ways';

export interface Edition {
  readonly graph: Graph;
  readonly settings: AutomationSettings;
}

/** Two editions in one graph: the later one, with what it has no more as ghosts. */
export interface Comparison extends Marked {
  readonly diff: VersionDiff;
  readonly graph: Graph;
  readonly marks: ReadonlyMap<Id, ChangeKind>;
}

export function compared(before: Edition | null, after: Edition, catalogue: Catalogue): Comparison {
  const diff = versionDiff(before ?? after, after, catalogue);
  const marks = new Map(diff.nodes.map(({ id, change }) => [id, change]));
  const removed = (id: Id): boolean => marks.get(id) === 'removed';
  const old = before?.graph;
  const known = new Set([...(old?.steps ?? []), ...after.graph.steps].map(({ id }) => id));
  const goneSteps = (old?.steps ?? []).filter(({ id }) => removed(id)).map((step) => withinReach(step, known));
  const graph: Graph = {
    ...after.graph,
    triggers: [...after.graph.triggers, ...(old?.triggers ?? []).filter(({ id }) => removed(id))],
    steps: [...after.graph.steps, ...goneSteps],
    notes: []
  };
  const added = new Set(diff.edges.flatMap(({ from, branch, after: to }) => (to == null ? [] : `${from ?? ''} ${branch}`))); // prettier-ignore
  return {
    diff,
    graph,
    marks,
    ghosts: ghostsOf(diff, graph, known),
    markOfWay: ({ source, id, data }) => {
      if (removed(source)) return 'removed';
      if (marks.get(source) === 'added') return 'added';
      const isEntry = graph.triggers.some((trigger) => trigger.id === source);
      const branch = data?.place?.at === 'branch' ? data.place.branch : '';
      return added.has(isEntry ? ' ' : `${source} ${branch}`) && !id.endsWith(' jump') ? 'added' : undefined;
    }
  };
}

function withinReach(step: StepNode, known: ReadonlySet<Id>): StepNode {
  const next = Object.fromEntries(
    Object.entries(step.next).map(([branch, to]) => [branch, to !== null && known.has(to) ? to : null])
  );
  return { ...step, next };
}

/** Where a way led before. */
function ghostsOf({ edges }: VersionDiff, graph: Graph, known: ReadonlySet<Id>): FlowEdge[] {
  return edges.flatMap(({ from, branch, before }) => {
    if (before == null || !known.has(before)) return [];
    const sources = from === null ? graph.triggers.map(({ id }) => id) : [from];
    return sources.map((source): FlowEdge => ({
      id: `ghost ${source} ${branch}`,
      type: 'path',
      source,
      target: before,
      selectable: false,
      focusable: false,
      deletable: false,
      data: {
        place: null,
        hasPlus: false,
        label: null,
        tone: 'plain',
        isDashed: true,
        count: 0,
        share: null,
        isOnTrail: false,
        mark: 'removed'
      }
    }));
  });
}

/** What a way is called: the branch, where it has a name of its own. */
export function wayName(graph: Graph, from: Id, branch: string): string {
  const step = graph.steps.find(({ id }) => id === from);
  return step && branch !== 'next' ? branchName(step.unit, branch, step.fields) : '';
}
