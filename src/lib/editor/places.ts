import type { Graph, StepNode } from '$lib/core/graph';
import type { Id } from '$lib/core/ids';

/** A gap of a graph that a step can be put into: before the first step, or on a branch of a step. */
export type Place = { readonly at: 'entry' } | { readonly at: 'branch'; readonly stepId: Id; readonly branch: string };

export const ENTRY: Place = { at: 'entry' };

export function after(stepId: Id, branch: string): Place {
  return { at: 'branch', stepId, branch };
}

export function placeKey(place: Place): string {
  return place.at === 'entry' ? 'entry' : `${place.stepId}/${place.branch}`;
}

export function stepIn(graph: Graph, id: Id): StepNode | undefined {
  return graph.steps.find((step) => step.id === id);
}

/** Where a place leads: the step there, or null, the end. */
export function targetAt(graph: Graph, place: Place): Id | null {
  if (place.at === 'entry') return graph.entry;
  return stepIn(graph, place.stepId)?.next[place.branch] ?? null;
}

/** Every place of a graph. */
export function placesOf(graph: Graph): Place[] {
  return [ENTRY, ...graph.steps.flatMap(({ id, next }) => Object.keys(next).map((branch) => after(id, branch)))];
}

/** The steps that can be reached from one, itself included, by branches alone. */
export function stepsFrom(graph: Graph, from: Id | null): Set<Id> {
  const seen = new Set<Id>();
  const ahead = from === null ? [] : [from];
  for (let id = ahead.pop(); id !== undefined; id = ahead.pop()) {
    const step = stepIn(graph, id);
    if (!step || seen.has(id)) continue;
    seen.add(id);
    for (const target of Object.values(step.next)) if (target !== null) ahead.push(target);
  }
  return seen;
}

/** The branch by which a step's path goes on when it is taken out or added after: the first that leads somewhere, else the first. */
export function mainBranch(step: StepNode): string | null {
  const branches = Object.keys(step.next);
  return branches.find((branch) => step.next[branch] !== null) ?? branches[0] ?? null;
}

/** The open end that following first branches leads to; null where the path ends in a jump or turns in a loop. */
export function endOfPath(graph: Graph, from: Place = ENTRY): Place | null {
  const seen = new Set<Id>();
  let place = from;
  for (let id = targetAt(graph, place); id !== null; id = targetAt(graph, place)) {
    const step = stepIn(graph, id);
    const branch = step && Object.keys(step.next)[0];
    if (!step || branch === undefined || seen.has(id)) return null;
    seen.add(id);
    place = after(id, branch);
  }
  return place;
}
