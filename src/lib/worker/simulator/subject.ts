import type { AutomationSettings, Graph } from '$lib/core/graph';
import type { Automation } from '$lib/core/rows/automations';
import type { WorkspaceView } from '$lib/core/tables';

/** What is simulated, as it stands in the workspace. */
export interface Subject {
  readonly automation: Automation;
  readonly graph: Graph;
  readonly settings: AutomationSettings;
  readonly view: WorkspaceView;
}
