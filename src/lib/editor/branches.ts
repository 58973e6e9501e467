import type { Catalogue } from '$lib/core/definitions';
import type { StepNode } from '$lib/core/graph';

/** The branch that is taken when nothing speaks for another one: drawn dashed. */
const DEFAULT_BRANCH = 'default';

export interface ShownBranch {
  readonly branch: string;
  /** Whether its name is shown: not where there is only one way out. */
  readonly isNamed: boolean;
  readonly isDefault: boolean;
}

/** The ways out of a step that are drawn. A failure branch that nothing takes and nothing hangs on is left out. */
export function shownBranches(step: StepNode, catalogue: Catalogue): ShownBranch[] {
  const definition = catalogue.steps.get(step.unit);
  const takesFailure = !definition || !('onFailure' in definition.fields) || step.fields.onFailure === 'branch';
  const branches = Object.entries(step.next)
    .filter(([branch, target]) => branch !== 'failed' || takesFailure || target !== null)
    .map(([branch]) => branch);
  return branches.map((branch) => ({
    branch,
    isNamed: branches.length > 1,
    isDefault: branch === DEFAULT_BRANCH
  }));
}

/** Where a step leads beside its branches: the step that a jump names. */
export function jumpOf(step: StepNode, catalogue: Catalogue): string | null {
  const definition = catalogue.steps.get(step.unit);
  return definition && 'leadsTo' in definition ? definition.leadsTo(step.fields) : null;
}
