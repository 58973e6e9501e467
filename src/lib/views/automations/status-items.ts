import { engine } from '$lib/app/engine';
import type { Automation } from '$lib/core/rows/automations';
import type { Result } from '$lib/core/result';
import { m } from '$lib/i18n';
import { toast } from '$lib/ui/toasts.svelte';
import { valueOf } from '../shared/outcome';

/** A line of a menu. */
interface Item {
  readonly label: string;
  readonly icon: 'pause' | 'play' | 'archive';
  readonly onselect: () => void;
}
type Asked = Pick<Automation, 'id' | 'name' | 'status'>;

/** What stops an automation and sets it going again, for its menus. */
export function statusItems({ id, status }: Asked): Item[] {
  const { automations } = engine();
  const does = (label: string, icon: Item['icon'], work: () => Promise<Result<void>>): Item => ({
    label,
    icon,
    onselect: () => void valueOf(work())
  });
  if (status === 'active') return [does(m['automations.pause'](), 'pause', () => automations.pause(id))];
  if (status === 'paused') return [does(m['automations.resume'](), 'play', () => automations.resume(id))];
  return [];
}

/** Into the archive, and out of it. */
export function archiveItem(automation: Asked): Item {
  const { id, status } = automation;
  return status === 'archived'
    ? {
        label: m['automations.unarchive'](),
        icon: 'archive',
        onselect: () => void valueOf(engine().automations.unarchive(id))
      }
    : { label: m['automations.archive'](), icon: 'archive', onselect: () => void archive(automation) };
}

async function archive({ id, name, status }: Asked): Promise<void> {
  const { automations } = engine();
  if (!(await valueOf(automations.archive(id)))) return;
  toast({
    text: m['automations.archived']({ name }),
    action: { label: m['ui.undo'](), run: () => void valueOf(takenBack()) }
  });

  async function takenBack(): Promise<Result<void>> {
    const back = await automations.unarchive(id);
    return back.ok && status === 'active' ? automations.resume(id) : back;
  }
}
