import { catalogue } from '$lib/catalogue/registry';
import { applyChange, type Change, type ChangeOf } from '$lib/core/changes';
import { VIEW_TABLES, type ViewTable, type WorkspaceView } from '$lib/core/tables';
import type { Automation } from '$lib/core/rows/automations';
import { checkGraph, type Problem } from '$lib/engine/check';
import { placedAutomations, type AutomationsFile, type Decisions } from '$lib/records/exchange';

export interface ArrivingAutomation {
  readonly automation: Automation;
  /** What would have to be put right before it is published. */
  readonly problems: readonly Problem[];
}

/** The automations of a file as they would be here. Nothing is stored. */
export function arriving(file: AutomationsFile, decisions: Decisions, view: WorkspaceView): ArrivingAutomation[] {
  let ids = 0;
  const newId = (): string => `arriving-${++ids}`;
  const { automationIds, changes } = placedAutomations(file, decisions, { view, catalogue, now: 0, newId });
  const after = viewAfter(view, changes);
  return automationIds.flatMap((automationId) => {
    const automation = after.automations.get(automationId);
    if (!automation) return [];
    const { graph, settings } = automation.draft;
    return [{ automation, problems: checkGraph(graph, settings, { catalogue, view: after, automationId }) }];
  });
}

function viewAfter(view: WorkspaceView, changes: readonly Change[]): WorkspaceView {
  const tables = Object.fromEntries(VIEW_TABLES.map((table) => [table, new Map<string, unknown>(view[table])]));
  for (const change of changes) {
    const row = applyChange(undefined, change as ChangeOf<ViewTable>);
    if (row !== undefined) tables[change.table]?.set(String(change.id), row);
  }
  return tables as unknown as WorkspaceView;
}
