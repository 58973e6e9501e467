import type { Catalogue } from '$lib/core/definitions';
import { stepNodeSchema, triggerNodeSchema, type Graph, type StepNode } from '$lib/core/graph';
import type { Id, NewId } from '$lib/core/ids';
import * as v from 'valibot';
import { addTrigger, connect } from './graph-edits';
import { after, endOfPath, stepIn, stepsFrom, targetAt, type Place } from './places';

/** What lies on the clipboard, as JSON: it can be pasted into any automation, and kept as text. The first step leads. */
export const clipSchema = v.object({
  format: v.literal('ricochet-steps'),
  triggers: v.array(triggerNodeSchema),
  steps: v.array(stepNodeSchema)
});
export type Clip = v.InferOutput<typeof clipSchema>;

/** A trigger, a step, or a step with all that follows it; null where there is nothing of that id. */
export function clipOf(graph: Graph, id: Id, rest: 'alone' | 'branch' = 'alone'): Clip | null {
  const trigger = graph.triggers.find((one) => one.id === id);
  if (trigger) return { format: 'ricochet-steps', triggers: [trigger], steps: [] };
  if (!stepIn(graph, id)) return null;
  const ids = rest === 'alone' ? [id] : [...stepsFrom(graph, id)];
  const steps = ids.flatMap((one) => stepIn(graph, one) ?? []);
  return { format: 'ricochet-steps', triggers: [], steps };
}

export function writeClip(clip: Clip): string {
  return JSON.stringify(clip, null, 2);
}

/** Null for any other text. */
export function readClip(text: string): Clip | null {
  try {
    const found = v.safeParse(clipSchema, JSON.parse(text));
    return found.success ? found.output : null;
  } catch {
    return null;
  }
}

/** Pastes copies under new ids: triggers beside the others, steps into a place, what was there after them. Says which are new. */
export function paste(
  graph: Graph,
  clip: Clip,
  place: Place,
  { catalogue, newId }: { catalogue: Catalogue; newId: NewId }
): { graph: Graph; pasted: Id[] } {
  const ids = new Map([...clip.triggers, ...clip.steps].map(({ id }) => [id, newId()]));
  const idOf = (id: Id): Id => ids.get(id) ?? id;
  let pasted = graph;
  for (const trigger of clip.triggers)
    pasted = addTrigger(pasted, { ...structuredClone(trigger), id: idOf(trigger.id) });
  const steps = clip.steps.map((step) => copyOf(step, ids, catalogue));
  const [first] = steps;
  if (first) {
    const follower = targetAt(graph, place);
    pasted = connect({ ...pasted, steps: [...pasted.steps, ...steps] }, place, first.id);
    const end = endOfPath(pasted, place);
    if (follower !== null && end?.at === 'branch') pasted = connect(pasted, after(end.stepId, end.branch), follower);
  }
  return { graph: pasted, pasted: [...ids.values()] };
}

/** Branches out of what was copied lead to the end; fields that name a copied step name its copy. */
function copyOf(step: StepNode, ids: ReadonlyMap<Id, Id>, catalogue: Catalogue): StepNode {
  const { position: _position, ...rest } = step;
  const fields = structuredClone(step.fields);
  for (const [name, { control }] of Object.entries(catalogue.steps.get(step.unit)?.fields ?? {})) {
    const value = fields[name];
    if (control.kind === 'step' && typeof value === 'string') fields[name] = ids.get(value) ?? value;
  }
  const next = Object.fromEntries(
    Object.entries(step.next).map(([branch, target]) => [branch, target === null ? null : (ids.get(target) ?? null)])
  );
  return { ...rest, id: ids.get(step.id) ?? step.id, fields, next };
}
