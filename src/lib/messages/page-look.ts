import type { PageLook } from '$lib/core/pages';
import { PLAIN_BRAND } from '$lib/core/rows/emails';
import type { WorkspaceView } from '$lib/core/tables';
import { readable } from './colours';

/** What the workspace's public pages look like, and the emails that lead to them: the brand's colours, as far as they can be read. */
export function pageLookOf({ settings }: Pick<WorkspaceView, 'settings'>): PageLook {
  const workspace = settings.get('workspace');
  const { name, accent, text, background, surface } = workspace?.brand ?? PLAIN_BRAND;
  return {
    name: (name.trim() || (workspace?.name ?? '')).slice(0, 300),
    accent,
    onAccent: readable('#ffffff', accent),
    text: readable(text, surface),
    background,
    surface
  };
}
