import type { Catalogue } from '$lib/core/definitions';
import type { AutomationSettings, Graph } from '$lib/core/graph';
import type { WorkspaceView } from '$lib/core/tables';
import { words } from '$lib/core/words';
import { stepOf } from './steps';
import { targetsOf, type Problem } from './check';

const START = 'automation.start';

/** A graph with the settings that decide whether somebody may come back into it. */
interface Startable {
  readonly graph: Graph;
  readonly settings: AutomationSettings;
}

/**
 * Automations that start each other in a circle in which no time passes, and into which a contact may come back at once: it would turn
 * for ever. One of them that lets each contact in once, or with a pause, or in which time passes on the way, ends it.
 */
export function startProblems(
  draft: Startable,
  { catalogue, view, automationId }: { catalogue: Catalogue; view: WorkspaceView; automationId: string }
): Problem[] {
  if (!comesBackAtOnce(draft.settings)) return [];
  return startedAtOnce(draft.graph, catalogue).flatMap(({ stepId, target }): Problem[] => {
    // That it must not start itself is said by the step.
    if (target === automationId) return [];
    const others = new Set<string>();
    const ahead = [target];
    for (let next = ahead.pop(); next !== undefined; next = ahead.pop()) {
      if (next === automationId) {
        const automation = view.automations.get(target)?.name ?? target;
        return [{ severity: 'error', nodeId: stepId, words: words('words.problem.starts_in_circle', { automation }) }];
      }
      const version = view.versions.get(view.automations.get(next)?.activeVersionId ?? '');
      if (!version || others.has(next) || !comesBackAtOnce(version.settings)) continue;
      others.add(next);
      ahead.push(...startedAtOnce(version.graph, catalogue).map((start) => start.target));
    }
    return [];
  });
}

function comesBackAtOnce({ reentry }: AutomationSettings): boolean {
  return reentry.mode === 'after_leaving' && (reentry.pause ?? null) === null;
}

/** What a contact starts on the paths from the entry before any time passes. */
function startedAtOnce(graph: Graph, catalogue: Catalogue): { stepId: string; target: string }[] {
  const seen = new Set<string>();
  const ahead = graph.entry === null ? [] : [graph.entry];
  const found: { stepId: string; target: string }[] = [];
  for (let stepId = ahead.pop(); stepId !== undefined; stepId = ahead.pop()) {
    const step = stepOf(graph, stepId);
    const definition = step && catalogue.steps.get(step.unit);
    if (!step || seen.has(stepId)) continue;
    seen.add(stepId);
    if (step.unit === START && typeof step.fields.automationId === 'string')
      found.push({ stepId, target: step.fields.automationId });
    if (definition?.kind === 'rule' && definition.passesTime) continue;
    ahead.push(...targetsOf(step, definition));
  }
  return found;
}
