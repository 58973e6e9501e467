import { goto } from '$app/navigation';
import { engine } from '$lib/app/engine';
import { m } from '$lib/i18n';
import type { AutomationsFile, Decisions } from '$lib/records/exchange';
import { toast } from '$lib/ui/toasts.svelte';
import { address } from '../shared/address';
import { valueOf } from '../shared/outcome';

/**
 * Brings the automations of a compiled file in and shows them: one in its editor, several in the list. Undo goes back to where they
 * were chosen. A refusal is said.
 */
export async function placeAutomations(
  file: AutomationsFile,
  decisions: Decisions,
  { told, from }: { told: string; from: `/${string}` }
): Promise<void> {
  const made = await valueOf(engine().automations.place(file, decisions));
  if (!made) return;
  const { automationIds, removal } = made.value;
  const [only, ...others] = automationIds;
  const path = only !== undefined && others.length === 0 ? (`/automations/${only}` as const) : '/automations';
  await goto(address(path));
  toast({ text: told, action: { label: m['ui.undo'](), run: () => void takeBack() } });

  async function takeBack(): Promise<void> {
    if (!(await valueOf(engine().automations.takeBack(removal)))) return;
    if (automationIds.some((id) => location.pathname.startsWith(address(`/automations/${id}`))))
      await goto(address(from));
  }
}
