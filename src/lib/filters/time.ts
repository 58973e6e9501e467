import type { Instant } from '$lib/core/instants';
import type { WorkspaceView } from '$lib/core/tables';
import type { FilterTime } from './compile';

/** What filters are asked with: the workspace's time zone and its segments, at this instant (ms). */
export function filterTime(view: Pick<WorkspaceView, 'settings' | 'segments'>, now: Instant): FilterTime {
  return { now, timeZone: view.settings.get('workspace')?.timeZone ?? 'UTC', segments: view.segments };
}
