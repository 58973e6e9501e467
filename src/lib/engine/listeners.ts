import type { Catalogue, TriggerDefinition } from '$lib/core/definitions';
import type { TriggerNode } from '$lib/core/graph';
import type { Automation, Version } from '$lib/core/rows/automations';
import type { WorkspaceView } from '$lib/core/tables';

/** A way into an automation. */
export interface Entrance {
  readonly automation: Automation;
  readonly version: Version;
  readonly trigger: TriggerNode;
  readonly definition: TriggerDefinition;
}

/** Who listens to which event types: ways in of active automations, and what journeys under way may be waiting for. */
export interface Listeners {
  readonly entrances: ReadonlyMap<string, readonly Entrance[]>;
  readonly awaited: ReadonlySet<string>;
}

const kept = new WeakMap<WorkspaceView, Listeners>();

/** Derived once from each view: a view is the same object for as long as nothing in the small tables has changed. */
export function listenersOf(view: WorkspaceView, catalogue: Catalogue): Listeners {
  const known = kept.get(view);
  if (known) return known;
  const listeners = { entrances: entrancesOf(view, catalogue), awaited: awaitedIn(view) };
  kept.set(view, listeners);
  return listeners;
}

/** Whether an event of this type can be ignored by the engine. */
export function isHeard(listeners: Listeners, eventType: string): boolean {
  return listeners.entrances.has(eventType) || listeners.awaited.has(eventType);
}

function entrancesOf(view: WorkspaceView, catalogue: Catalogue): Map<string, Entrance[]> {
  const entrances = new Map<string, Entrance[]>();
  for (const automation of view.automations.values()) {
    if (automation.status !== 'active' || automation.activeVersionId === null) continue;
    const version = view.versions.get(automation.activeVersionId);
    if (!version) continue;
    for (const trigger of version.graph.triggers) {
      const definition = catalogue.triggers.get(trigger.unit);
      if (!definition) continue;
      const there = entrances.get(definition.event.type);
      const entrance = { automation, version, trigger, definition };
      if (there) there.push(entrance);
      else entrances.set(definition.event.type, [entrance]);
    }
  }
  return entrances;
}

/** Any version may still have journeys on it. */
function awaitedIn(view: WorkspaceView): Set<string> {
  const awaited = new Set<string>();
  for (const { graph, settings } of view.versions.values()) {
    for (const { event } of [...settings.exit, ...settings.restart]) awaited.add(event);
    for (const step of graph.steps) {
      if (step.unit === 'rule.wait_for_event' && typeof step.fields.event === 'string') awaited.add(step.fields.event);
    }
  }
  return awaited;
}
