import { goto } from '$app/navigation';
import { engine } from '$lib/app/engine';
import { m } from '$lib/i18n';
import { address } from '../shared/address';
import { orSayBug } from '../shared/outcome';

/** An empty automation, shown in its editor. */
export async function createAutomation(): Promise<void> {
  const id = await orSayBug(engine().automations.create(m['automations.untitled']()));
  await goto(address(`/automations/${encodeURIComponent(id)}`));
}
