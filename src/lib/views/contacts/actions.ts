import { engine } from '$lib/app/engine';
import type { Id } from '$lib/core/ids';
import { m, number } from '$lib/i18n';
import { toast } from '$lib/ui/toasts.svelte';
import { orSayBug } from '../shared/outcome';
import type { ContactChoice } from './choice';

const counted = (count: number) => ({ count, shown: number(count) });

/** What is done to several contacts at once, and what is said of it. */
export async function addToList(choice: ContactChoice, list: { id: Id; name: string }): Promise<void> {
  const count = await orSayBug(engine().contacts.addToList(choice, list.id));
  toast({ text: m['contacts.addedToList']({ ...counted(count), list: list.name }) });
}

export async function removeFromList(choice: ContactChoice, list: { id: Id; name: string }): Promise<void> {
  const count = await orSayBug(engine().contacts.removeFromList(choice, list.id));
  toast({ text: m['contacts.removedFromList']({ ...counted(count), list: list.name }) });
}

export async function addToAutomation(choice: ContactChoice, automation: { id: Id; name: string }): Promise<void> {
  const count = await orSayBug(engine().contacts.addToAutomation(choice, automation.id));
  toast({ text: m['contacts.addedToAutomation']({ ...counted(count), automation: automation.name }) });
}

/** They are out of sight at once, and can be brought back for a moment. */
export async function removeContacts(choice: ContactChoice): Promise<void> {
  const { ids } = await orSayBug(engine().contacts.remove(choice));
  toast({
    text: m['contacts.removed'](counted(ids.length)),
    // They are erased after thirty seconds.
    stay: 25_000,
    action: { label: m['ui.undo'](), run: () => void orSayBug(engine().contacts.restore(ids)) }
  });
}
