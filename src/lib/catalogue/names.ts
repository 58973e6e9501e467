import type { WorkspaceView } from '$lib/core/tables';

/** The names of the rows that a field refers to, for the sentence on a card; a row that is gone is left out. */
export function namesOf(rows: ReadonlyMap<string, { readonly name: string }>, ids: readonly string[]): string {
  return ids.flatMap((id) => rows.get(id)?.name ?? []).join(', ');
}

export function nameOf(rows: ReadonlyMap<string, { readonly name: string }>, id: string | null): string | null {
  return id === null ? null : (rows.get(id)?.name ?? null);
}

/** The workspace's time zone. */
export function timeZoneOf(view: Pick<WorkspaceView, 'settings'>): string {
  return view.settings.get('workspace')?.timeZone ?? 'UTC';
}
