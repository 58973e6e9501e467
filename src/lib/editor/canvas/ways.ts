import type { Edge } from '@xyflow/svelte';
import type { Catalogue } from '$lib/core/definitions';
import type { StepNode } from '$lib/core/graph';
import type { Id } from '$lib/core/ids';
import { branchName } from '$lib/views/catalogue/units';
import { shownBranches } from '../branches';
import type { Counts, Trail } from '../cards';
import { after, ENTRY, placeKey, type Place } from '../places';

export type PathData = {
  /** Where a step can be put into this edge; none on jumps. */
  place: Place | null;
  /** Ways in from several triggers share one plus. */
  hasPlus: boolean;
  label: string | null;
  tone: 'good' | 'plain';
  isDashed: boolean;
  count: number;
  /** Of those who came in, who went along it: from 0 to 1. Null where that is not shown. */
  share: number | null;
  isOnTrail: boolean;
  /** In a comparison: the way is new, or there no more. */
  mark?: 'added' | 'removed' | undefined;
};
export type FlowEdge = Edge<PathData, 'path'>;

/** The node at the end of a branch. */
const endId = (place: Place): string => `end ${placeKey(place)}`;

/** What the edges of a graph are made with, beside its steps. */
export interface Around {
  readonly catalogue: Catalogue;
  readonly counts: Counts;
  readonly all: number;
  readonly trail: Trail | null;
}

const PATH = { type: 'path', selectable: false, focusable: false, deletable: false } as const;

export function allEntered({ entered }: Counts): number {
  return Object.values(entered ?? {}).reduce((sum, count) => sum + count, 0);
}

function counted({ counts, all }: Around, count: number): Pick<PathData, 'count' | 'share'> {
  return { count, share: counts.entered ? Math.min(1, count / Math.max(1, all)) : null };
}

/** From a trigger to the first step. */
export function entryFrom(source: Id, entry: Id | null, isFirst: boolean, around: Around): FlowEdge {
  const { counts, trail } = around;
  const data: PathData = {
    place: ENTRY,
    hasPlus: isFirst,
    label: null,
    tone: 'plain',
    isDashed: false,
    ...counted(around, counts.entered?.[source] ?? 0),
    isOnTrail: trail?.edges.has(`entry ${source}`) ?? false
  };
  return { ...PATH, id: `${source} entry`, source, target: entry ?? endId(ENTRY), data };
}

/** The ways out of a step: by its branches, and to `jump`, the step that it names. */
export function waysFrom(step: StepNode, jump: Id | null, around: Around): FlowEdge[] {
  const { catalogue, counts, trail } = around;
  const { left, entered } = counts;
  const on = (place: Place) => trail?.edges.has(placeKey(place)) ?? false;
  const ways = shownBranches(step, catalogue).map(({ branch, isNamed, isDefault }): FlowEdge => {
    const place = after(step.id, branch);
    const data: PathData = {
      place,
      hasPlus: true,
      label: isNamed ? branchName(step.unit, branch, step.fields) : null,
      tone: branch === 'yes' ? 'good' : 'plain',
      isDashed: isDefault,
      ...counted(around, isNamed || entered ? (left[`${step.id} ${branch}`] ?? 0) : 0),
      isOnTrail: on(place)
    };
    return { ...PATH, id: placeKey(place), source: step.id, target: step.next[branch] ?? endId(place), data };
  });
  if (jump === null) return ways;
  const data: PathData = {
    place: null,
    hasPlus: false,
    label: null,
    tone: 'plain',
    isDashed: true,
    ...counted(around, entered ? (left[`${step.id} to`] ?? 0) : 0),
    isOnTrail: on(after(step.id, 'to'))
  };
  return [...ways, { ...PATH, id: `${step.id} jump`, source: step.id, target: jump, data }];
}
