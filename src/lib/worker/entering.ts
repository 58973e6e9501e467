import { update } from '$lib/core/changes';
import { newEvent } from '$lib/core/events/define';
import { automationStarted } from '$lib/core/events/automations';
import type { Automation } from '$lib/core/rows/automations';
import type { WorkspaceView } from '$lib/core/tables';
import { ofThosePresent } from './keeping';
import { matchingContacts } from './matching';
import { givenBy, type Parts, type Transact } from './parts';
import { turn } from './turn';

const BATCH = 500;

/**
 * Lets those in who meet an automation's triggers already, where that was chosen on activation. How far it has come is kept with the
 * automation: a closed browser goes on where it was.
 */
export async function enterExisting(parts: Parts, transact: Transact, { automations }: WorkspaceView): Promise<void> {
  for (const automation of automations.values())
    if (automation.status === 'active' && automation.entering)
      await enter(automation, automation.entering, parts, transact);
}

async function enter(
  { id: automationId }: Automation,
  { filters, after }: NonNullable<Automation['entering']>,
  parts: Parts,
  transact: Transact
): Promise<void> {
  const found: string[] = [];
  for await (const { ids } of matchingContacts(parts.storage, filters, parts.now())) found.push(...ids);
  const ahead = found.filter((id) => id > after).sort();
  for (let start = 0; start < ahead.length; start += BATCH) {
    const ids = ahead.slice(start, start + BATCH);
    await transact(async (transaction) => {
      const given = givenBy(parts);
      const events = ids.map((contactId) =>
        newEvent(automationStarted, {
          id: given.newId(),
          contactId,
          occurredAt: given.now,
          receivedAt: given.now,
          properties: { automationId, fromAutomationId: null },
          source: 'app'
        })
      );
      const changes = [update('automations', automationId, { 'entering.after': ids.at(-1) })];
      const present = await ofThosePresent(transaction, events);
      await turn(transaction, { changes, events: present }, { ...parts, ...given });
    });
  }
  await transact((transaction) => transaction.apply([update('automations', automationId, { entering: undefined })]));
}
