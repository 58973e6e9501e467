import type { Catalogue } from '$lib/core/definitions';
import type { StepNode } from '$lib/core/graph';
import type { Id } from '$lib/core/ids';
import type { Enrolment, SwitchChoice, Version } from '$lib/core/rows/automations';
import { fieldsOf } from '$lib/core/unit-fields';
import { targetsOf } from './check';
import { isSame } from './same';
import { stepOf } from './steps';

/**
 * Where a journey goes when its automation gets another version. `same`: it stays at its step; `remade` says that the step's settings
 * have changed, so that what it waits for is made anew. `on`: its step is gone, and it goes on at another one. `out`: it ends.
 */
export type Destination =
  | { readonly goes: 'same'; readonly remade: boolean }
  | { readonly goes: 'on'; readonly to: Id }
  | { readonly goes: 'out'; readonly because: 'chosen' | 'step_removed' };

/** Journeys at one step of one version, and where they would go. */
export interface SwitchGroup {
  readonly versionId: Id;
  readonly number: number;
  readonly stepId: Id;
  readonly count: number;
  readonly destination: Destination;
}

/**
 * Where one journey goes from the version `from` to the version `to`; null where there is nothing to do: it has ended, or is on that
 * version already. A step is the same step in both where its id and its unit are.
 */
export function destinationOf(
  { stepId, endedAt, versionId }: Pick<Enrolment, 'stepId' | 'endedAt' | 'versionId'>,
  from: Pick<Version, 'graph'>,
  to: Pick<Version, 'id' | 'graph'>,
  choice: SwitchChoice,
  catalogue: Catalogue
): Destination | null {
  if (endedAt !== undefined || stepId === null || versionId === to.id) return null;
  if (choice === 'end') return { goes: 'out', because: 'chosen' };
  const before = stepOf(from.graph, stepId);
  const after = counterpart(before, to);
  if (before && after)
    return { goes: 'same', remade: !isSame(settingsOf(before, catalogue), settingsOf(after, catalogue)) };
  const next = choice === 'next' ? nextLeft(before, from, to, catalogue) : null;
  return next === null ? { goes: 'out', because: 'step_removed' } : { goes: 'on', to: next };
}

/** The first step along the old path that the new version still has: main branches first, then the others in their order. */
function nextLeft(
  removed: StepNode | undefined,
  from: Pick<Version, 'graph'>,
  to: Pick<Version, 'graph'>,
  catalogue: Catalogue
): Id | null {
  const seen = new Set<Id>();
  const ahead = removed ? [removed] : [];
  for (let step = ahead.pop(); step !== undefined; step = ahead.pop()) {
    if (seen.has(step.id)) continue;
    seen.add(step.id);
    if (counterpart(step, to)) return step.id;
    const targets = targetsOf(step, catalogue.steps.get(step.unit)).flatMap((id) => stepOf(from.graph, id) ?? []);
    ahead.push(...targets.reverse());
  }
  return null;
}

function counterpart(step: StepNode | undefined, { graph }: Pick<Version, 'graph'>): StepNode | undefined {
  const found = step && stepOf(graph, step.id);
  return found?.unit === step?.unit ? found : undefined;
}

function settingsOf(step: StepNode, catalogue: Catalogue): unknown {
  const definition = catalogue.steps.get(step.unit);
  return definition ? fieldsOf(step, definition) : step.fields;
}
