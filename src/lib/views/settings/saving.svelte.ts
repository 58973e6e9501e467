import { exportWorkspace } from '$lib/app/backup';
import type { BackupOptions } from '$lib/core/backup';
import { m, words } from '$lib/i18n';
import { toast } from '$lib/ui/toasts.svelte';
import { orSayBug } from '../shared/outcome';
import { backupName } from './backup-name';

/** A backup that is being saved by hand, one at a time. */
export class Saving {
  progress = $state.raw<{ done: number; total: number | null } | null>(null);
  error = $state('');

  async save(workspace: string, options: BackupOptions): Promise<void> {
    this.error = '';
    this.progress = { done: 0, total: null };
    const { isSealed } = options;
    const file = {
      name: backupName(workspace, new Date(), isSealed),
      kind: isSealed ? m['settings.backup.sealedKind']() : m['settings.backup.kind']()
    };
    try {
      const result = await orSayBug(exportWorkspace(file, options, (next) => (this.progress = next)));
      if (result?.ok) toast({ tone: 'good', text: m['settings.backup.saved']() });
      else if (result) this.error = words(result.reason);
    } finally {
      this.progress = null;
    }
  }
}
