import { engine } from '$lib/app/engine';
import type { Task } from '$lib/core/rows/crm';
import { m } from '$lib/i18n';
import { toast } from '$lib/ui/toasts.svelte';
import { removed, valueOf } from '../shared/outcome';

/** What is done to a task, and what is said of it. */
export async function tick({ id, title }: Task, isDone: boolean): Promise<void> {
  const { tasks } = engine();
  if (!isDone) return void valueOf(tasks.reopen(id));
  if (!(await valueOf(tasks.complete(id)))) return;
  toast({
    text: m['crm.tasks.completed']({ task: title }),
    action: { label: m['ui.undo'](), run: () => void valueOf(tasks.reopen(id)) }
  });
}

export async function removeTask({ id, title }: Task): Promise<void> {
  await removed(engine().tasks.remove(id), m['crm.tasks.removed']({ task: title }));
}
