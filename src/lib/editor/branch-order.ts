import { branchesOf, type Catalogue } from '$lib/core/definitions';
import type { Graph, StepNode } from '$lib/core/graph';

/**
 * The graph with the branches of each step in the order in which they are drawn, the first of which is the main path. Devices tell each
 * other what branches lead to, not which comes first.
 */
export function inDrawnOrder(graph: Graph, catalogue: Catalogue): Graph {
  const steps = graph.steps.map((step) => ordered(step, catalogue));
  return steps.every((step, at) => step === graph.steps[at]) ? graph : { ...graph, steps };
}

function ordered(step: StepNode, catalogue: Catalogue): StepNode {
  const definition = catalogue.steps.get(step.unit);
  if (definition === undefined) return step;
  const places = new Map(branchesOf(definition, step.fields).map((branch, at) => [branch, at]));
  const placeOf = (branch: string): number => places.get(branch) ?? places.size;
  const before = Object.entries(step.next);
  const after = before.toSorted(([one], [other]) => placeOf(one) - placeOf(other));
  return after.every((way, at) => way === before[at]) ? step : { ...step, next: Object.fromEntries(after) };
}
