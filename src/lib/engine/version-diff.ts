import type { Catalogue } from '$lib/core/definitions';
import type { AutomationSettings, Graph, StepNode, TriggerNode } from '$lib/core/graph';
import type { Id } from '$lib/core/ids';
import { fieldsOf } from '$lib/core/unit-fields';
import { isSame } from './same';

export type ChangeKind = 'added' | 'removed' | 'changed';

/** A trigger or a step that is not the same in both. `fields`: the settings that differ, by name. */
export interface NodeDiff {
  readonly id: Id;
  readonly change: ChangeKind;
  readonly before: TriggerNode | StepNode | null;
  readonly after: TriggerNode | StepNode | null;
  readonly fields: readonly string[];
}

/** A way that leads elsewhere. `from` null: the way in. `undefined`: there is no such way; null: it leads to the end. */
export interface EdgeDiff {
  readonly from: Id | null;
  readonly branch: string;
  readonly before: Id | null | undefined;
  readonly after: Id | null | undefined;
}

export interface VersionDiff {
  readonly nodes: readonly NodeDiff[];
  readonly edges: readonly EdgeDiff[];
  readonly settings: readonly (keyof AutomationSettings)[];
}

interface Edition {
  readonly graph: Graph;
  readonly settings: AutomationSettings;
}

/**
 * What has to happen to `before` to get `after`. Where a card lies, notes, and what an upgrade of the app makes of settings change
 * nothing. A node is known by its id; ways are compared at steps that both have, and at the way in.
 */
export function versionDiff(before: Edition, after: Edition, catalogue: Catalogue): VersionDiff {
  const old = nodesOf(before.graph);
  const now = nodesOf(after.graph);
  const ids = [...new Set([...now.keys(), ...old.keys()])];
  return {
    nodes: ids.flatMap((id) => nodeDiff(id, old.get(id) ?? null, now.get(id) ?? null, catalogue)),
    edges: [
      ...edgeDiff(null, '', before.graph.entry, after.graph.entry),
      ...ids.flatMap((id) => stepEdges(old.get(id), now.get(id)))
    ],
    settings: settingNames(before.settings, after.settings).filter(
      (name) => !isSame(before.settings[name] ?? null, after.settings[name] ?? null)
    )
  };
}

/** A setting that was added later is in one of them only. */
function settingNames(...all: readonly AutomationSettings[]): (keyof AutomationSettings)[] {
  return [...new Set(all.flatMap((settings) => Object.keys(settings) as (keyof AutomationSettings)[]))];
}

export function isEmpty({ nodes, edges, settings }: VersionDiff): boolean {
  return nodes.length + edges.length + settings.length === 0;
}

function nodesOf({ triggers, steps }: Graph): Map<Id, TriggerNode | StepNode> {
  return new Map([...triggers, ...steps].map((node) => [node.id, node]));
}

function nodeDiff(
  id: Id,
  before: TriggerNode | StepNode | null,
  after: TriggerNode | StepNode | null,
  catalogue: Catalogue
): NodeDiff[] {
  if (!before || !after) return [{ id, change: after ? 'added' : 'removed', before, after, fields: [] }];
  const old = settingsOf(before, catalogue);
  const now = settingsOf(after, catalogue);
  const fields = [...new Set([...Object.keys(now), ...Object.keys(old)])].filter(
    (name) => !isSame(old[name], now[name])
  );
  return before.unit === after.unit && fields.length === 0 ? [] : [{ id, change: 'changed', before, after, fields }];
}

function stepEdges(before: TriggerNode | StepNode | undefined, after: TriggerNode | StepNode | undefined): EdgeDiff[] {
  if (!before || !after || !('next' in before) || !('next' in after)) return [];
  const branches = [...new Set([...Object.keys(after.next), ...Object.keys(before.next)])];
  return branches.flatMap((branch) => edgeDiff(after.id, branch, before.next[branch], after.next[branch]));
}

function edgeDiff(
  from: Id | null,
  branch: string,
  before: Id | null | undefined,
  after: Id | null | undefined
): EdgeDiff[] {
  return before === after ? [] : [{ from, branch, before, after }];
}

/** The settings of a trigger or step as today's catalogue has them. */
export function settingsOf(node: TriggerNode | StepNode, catalogue: Catalogue): Readonly<Record<string, unknown>> {
  const definition = catalogue.triggers.get(node.unit) ?? catalogue.steps.get(node.unit);
  return definition ? fieldsOf(node, definition) : node.fields;
}
