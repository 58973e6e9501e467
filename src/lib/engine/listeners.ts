import type { Catalogue, TriggerDefinition } from '$lib/core/definitions';
import { automationStarted } from '$lib/core/events/automations';
import type { FilterTree } from '$lib/core/filter-tree';
import type { TriggerNode } from '$lib/core/graph';
import type { Instant } from '$lib/core/instants';
import { joinNeeds, NO_NEEDS, type Needs } from '$lib/core/related';
import type { Automation, Version } from '$lib/core/rows/automations';
import type { WorkspaceView } from '$lib/core/tables';
import { fieldsOf } from '$lib/core/unit-fields';
import { needsOf } from '$lib/filters/needs';
import { filterTime } from '$lib/filters/time';

/** A way into an automation. Another automation's step lets in without a trigger: `definition` is null. */
export interface Entrance {
  readonly automation: Automation;
  readonly version: Version;
  readonly trigger: Pick<TriggerNode, 'id' | 'version' | 'fields'>;
  readonly definition: TriggerDefinition | null;
}

/** Who listens to which event types: ways in of active automations, and what journeys under way may be waiting for. */
export interface Listeners {
  readonly entrances: ReadonlyMap<string, readonly Entrance[]>;
  readonly awaited: ReadonlySet<string>;
  /** Types that earn something in a loyalty programme. */
  readonly earning: ReadonlySet<string>;
  /** The filters that an event of a type is asked, on the way in, out and back: what they look at has to be loaded. */
  readonly filters: ReadonlyMap<string, readonly FilterTree[]>;
}

const kept = new WeakMap<WorkspaceView, Listeners>();

/** Derived once from each view: a view is the same object for as long as nothing in the small tables has changed. */
export function listenersOf(view: WorkspaceView, catalogue: Catalogue): Listeners {
  const known = kept.get(view);
  if (known) return known;
  const entrances = entrancesOf(view, catalogue);
  const earning = new Set([...view.programs.values()].flatMap(({ rules }) => rules.map(({ event }) => event)));
  const listeners = { entrances, awaited: awaitedIn(view), earning, filters: filtersIn(view, entrances) };
  kept.set(view, listeners);
  return listeners;
}

/** Whether an event of this type can be ignored by the engine. */
export function isHeard(listeners: Listeners, eventType: string): boolean {
  return listeners.entrances.has(eventType) || listeners.awaited.has(eventType) || listeners.earning.has(eventType);
}

/** What has to be loaded of a contact before an event of this type can be matched. */
export function matchingNeeds(listeners: Listeners, eventType: string, view: WorkspaceView, now: Instant): Needs {
  const trees = listeners.filters.get(eventType);
  return trees === undefined ? NO_NEEDS : joinNeeds(...trees.map((tree) => needsOf(tree, filterTime(view, now))));
}

function entrancesOf(view: WorkspaceView, catalogue: Catalogue): Map<string, Entrance[]> {
  const entrances = new Map<string, Entrance[]>();
  const add = (type: string, entrance: Entrance): void => {
    const there = entrances.get(type);
    if (there) there.push(entrance);
    else entrances.set(type, [entrance]);
  };
  for (const automation of view.automations.values()) {
    if (automation.status !== 'active' || automation.activeVersionId === null) continue;
    const version = view.versions.get(automation.activeVersionId);
    if (!version) continue;
    for (const trigger of version.graph.triggers) {
      const definition = catalogue.triggers.get(trigger.unit);
      if (definition) add(definition.event.type, { automation, version, trigger, definition });
    }
    add(automationStarted.type, { automation, version, trigger: { id: '', version: 1, fields: {} }, definition: null });
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

function filtersIn(
  view: WorkspaceView,
  entrances: ReadonlyMap<string, readonly Entrance[]>
): ReadonlyMap<string, readonly FilterTree[]> {
  const filters = new Map<string, FilterTree[]>();
  const add = (type: string, tree: unknown): void => {
    if (typeof tree === 'object' && tree !== null)
      filters.set(type, [...(filters.get(type) ?? []), tree as FilterTree]);
  };
  for (const [type, ways] of entrances)
    for (const { trigger, definition } of ways)
      if (definition && !definition.daily) add(type, fieldsOf(trigger, definition).filters);
  for (const { settings } of view.versions.values())
    for (const { event, filters: tree } of [...settings.exit, ...settings.restart]) add(event, tree);
  return filters;
}
