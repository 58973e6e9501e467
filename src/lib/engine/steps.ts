import type { Graph, StepNode } from '$lib/core/graph';

/** The id of the outbox row of a step's visit: what the provider gets as the idempotency key. */
export function outboxId(enrolmentId: string, stepId: string, visit: number): string {
  return `${enrolmentId}/${stepId}/${visit}`;
}

const stepsKept = new WeakMap<Graph, Map<string, StepNode>>();

export function stepOf(graph: Graph, stepId: string | null): StepNode | undefined {
  if (stepId === null) return undefined;
  let steps = stepsKept.get(graph);
  if (!steps) stepsKept.set(graph, (steps = new Map(graph.steps.map((step) => [step.id, step]))));
  return steps.get(stepId);
}
