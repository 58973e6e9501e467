import { engine } from '$lib/app/engine';
import type { Id } from '$lib/core/ids';
import { m } from '$lib/i18n';
import { toast } from '$lib/ui/toasts.svelte';
import { removed, valueOf } from '../shared/outcome';

/** What is done to a deal, and what is said of it. */
export async function moveDeal(
  deal: { id: Id; name: string; stageId: Id },
  stage: { id: Id; name: string }
): Promise<void> {
  if (deal.stageId === stage.id) return;
  const from = deal.stageId;
  if (!(await valueOf(engine().deals.move(deal.id, stage.id)))) return;
  toast({
    text: m['crm.deals.moved']({ deal: deal.name, stage: stage.name }),
    action: { label: m['ui.undo'](), run: () => void valueOf(engine().deals.move(deal.id, from)) }
  });
}

export async function removeDeal({ id, name }: { id: Id; name: string }): Promise<void> {
  await removed(engine().deals.remove(id), m['crm.deals.removed']({ deal: name }));
}
