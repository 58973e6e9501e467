import { branchesOf } from '$lib/core/definitions';
import { defaultSettings, type AutomationSettings, type Graph, type StepNode } from '$lib/core/graph';
import type { Random } from './random';
import { someStep, someTrigger, stepByNumber, stepFields, triggerByNumber, type TriggerChoice } from './units';

/** A generated automation, and the events that enter it. Whether it may be published, publishing says. */
export interface Plan {
  readonly graph: Graph;
  readonly settings: AutomationSettings;
  readonly triggers: readonly TriggerChoice[];
}

/**
 * Branches that lead on, join, end, or lead back where a delay is on the way. `otherId`: an automation that a step may start.
 * `number`: of the trigger and the step that are in it; null: whichever chance picks.
 */
export function plan(random: Random, otherId: string, number: number | null = null): Plan {
  const triggers = Array.from({ length: random.chance(0.25) ? 2 : 1 }, (_, at) =>
    at === 0 && number !== null ? triggerByNumber(random, number) : someTrigger(random)
  );
  const steps = makeSteps(random, otherId, number);
  return {
    triggers,
    settings: someSettings(random),
    graph: {
      triggers: triggers.map(({ definition, fields }, at) => ({
        id: `t${at + 1}`,
        unit: definition.id,
        version: definition.version,
        fields
      })),
      entry: steps[0]?.id ?? null,
      steps,
      notes: []
    }
  };
}

function makeSteps(random: Random, otherId: string, number: number | null): StepNode[] {
  const ids = Array.from({ length: random.between(2, 8) }, (_, at) => `s${at + 1}`);
  let before: string | null = null;
  return ids.map((id, at): StepNode => {
    const definition = at === 0 && number !== null ? stepByNumber(number) : someStep(random, before);
    before = definition.id;
    const ahead = ids.slice(at + 1);
    const chosen = stepFields(definition, random, { automationId: otherId, stepIds: ahead.length > 0 ? ahead : ids });
    const isBack = definition.id === 'rule.delay' && at > 0 && random.chance(0.25);
    // A loop of a minute would go round a thousand times a day.
    const fields = isBack ? { ...chosen, duration: { amount: 3, unit: 'hours' } } : chosen;
    const branches = branchesOf(definition, fields);
    const next = Object.fromEntries(
      branches.map((branch, number) => {
        if (isBack) return [branch, random.pick(ids.slice(0, at))];
        // The first branch mostly goes on, so that there is a path through most of the steps.
        if (ahead.length === 0 || random.chance(number === 0 ? 0.05 : 0.3)) return [branch, null];
        return [branch, random.chance(0.7) ? (ahead[0] ?? null) : random.pick(ahead)];
      })
    );
    return { id, unit: definition.id, version: definition.version, fields, next };
  });
}

function someSettings(random: Random): AutomationSettings {
  const condition = () => ({
    event: random.pick(['order.created', 'custom.event', 'contact.removed_from_list']),
    filters: null
  });
  return {
    ...defaultSettings(),
    reentry: random.pick([
      { mode: 'once' },
      { mode: 'after_leaving', pause: null },
      { mode: 'after_leaving', pause: { amount: 1, unit: 'hours' } },
      { mode: 'parallel', keyProperty: random.pick(['listId', 'orderId', 'name']) }
    ]),
    exit: random.chance(0.15) ? [condition()] : [],
    restart: random.chance(0.1) ? [condition()] : [],
    sendWindow: random.chance(0.1) ? { days: [1, 2, 3, 4, 5], from: '09:00', to: '18:00' } : null,
    frequencyCap: random.chance(0.1) ? { count: 1, days: 1 } : null,
    ahead: random.chance(0.5)
  };
}
