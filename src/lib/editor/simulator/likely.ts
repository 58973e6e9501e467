import type { Catalogue, TriggerDefinition } from '$lib/core/definitions';
import { EVENT_TYPES } from '$lib/core/events';
import { initialValues } from '$lib/core/fields';
import type { Graph, StepNode, TriggerNode } from '$lib/core/graph';
import type { Id } from '$lib/core/ids';
import type { ScriptLine, SimulatedEntry } from '$lib/core/simulation';
import { fieldsOf } from '$lib/core/unit-fields';

/** What an event would say that a trigger with these settings hears: `listId` from `listIds`, `name` from `name`. */
export function likelyProperties(
  definition: TriggerDefinition,
  fields: Readonly<Record<string, unknown>>,
  automationId: Id
): Record<string, unknown> {
  const known: Record<string, unknown> = initialValues(definition.event.properties);
  for (const name of Object.keys(definition.event.properties)) {
    const many = fields[`${name}s`];
    const one = Array.isArray(many) ? (many as unknown[])[0] : fields[name];
    if (one !== undefined && one !== null && one !== '') known[name] = one;
  }
  if ('automationId' in definition.event.properties) known.automationId = automationId;
  return known;
}

/** How contacts enter, as the first trigger suggests: by its event, by its daily check, or directly where neither would let them in. */
export function likelyEntry(graph: Graph, catalogue: Catalogue, automationId: Id): SimulatedEntry {
  const [trigger] = graph.triggers;
  return trigger ? entryBy(trigger, catalogue, automationId) : { by: 'hand', over: null };
}

export function entryBy(trigger: TriggerNode, catalogue: Catalogue, automationId: Id): SimulatedEntry {
  const definition = catalogue.triggers.get(trigger.unit);
  if (!definition) return { by: 'hand', over: null };
  if (definition.daily) return { by: 'itself' };
  const fields = fieldsOf(trigger, definition);
  const properties = likelyProperties(definition, fields, automationId);
  return { by: 'trigger', triggerId: trigger.id, properties, over: { amount: 30, unit: 'days' } };
}

/** A script to begin with: some answer each message, some do what a wait waits for. */
export function likelyScript(graph: Graph, catalogue: Catalogue, automationId: Id, newId: () => Id): ScriptLine[] {
  const lines: ScriptLine[] = [];
  const add = (step: StepNode, percent: number, type: string, properties: Record<string, unknown>, hours: number) =>
    lines.push({
      id: newId(),
      who: { of: 'share', percent },
      does: { type, properties },
      when: {
        from: 'step',
        stepId: step.id,
        after: { amount: hours, unit: 'hours' },
        spread: { amount: 1, unit: 'days' }
      }
    });
  for (const step of graph.steps) {
    if (step.unit === 'email.send') add(step, 40, 'email.opened', {}, 2);
    const event = step.fields.event;
    if (step.unit !== 'rule.wait_for_event' || typeof event !== 'string' || event === 'email.opened') continue;
    const definition = catalogue.triggers.get(event);
    const settings = (step.fields.settings ?? {}) as Readonly<Record<string, unknown>>;
    if (definition && !definition.daily) {
      const ofMessage = EVENT_TYPES.get(event)?.messageProperty !== undefined;
      add(step, 25, event, ofMessage ? {} : likelyProperties(definition, settings, automationId), 3);
    }
  }
  return lines;
}
