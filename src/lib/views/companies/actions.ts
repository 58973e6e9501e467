import { engine } from '$lib/app/engine';
import type { Company } from '$lib/core/rows/crm';
import { m } from '$lib/i18n';
import { toast } from '$lib/ui/toasts.svelte';
import { orSayBug, valueOf } from '../shared/outcome';

/** The company goes, and comes back with its contacts and deals for as long as it is offered. */
export async function removeCompany({ id, name }: Company): Promise<void> {
  const removed = await valueOf(engine().companies.remove(id));
  if (!removed) return;
  toast({
    text: m['crm.companies.removed']({ company: name }),
    action: { label: m['ui.undo'](), run: () => void orSayBug(engine().companies.restore(removed.value)) }
  });
}
