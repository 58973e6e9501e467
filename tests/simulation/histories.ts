import { MINUTE, SECOND } from '$lib/core/instants';
import { welcomeGraph } from '$lib/worker/testing/world';
import { defaultSettings } from '$lib/core/graph';
import { incident } from './incidents';
import type { Random } from './random';
import type { Simulation } from './simulation';
import type { Tab } from './tab';
import { contactId } from './workspaces';

/** What happens: people do things, time passes, tabs open, freeze and die, and nobody waits for anybody. */
export async function live(simulation: Simulation, random: Random): Promise<void> {
  const { scheduler } = simulation;
  const restless = random.pick([0, 0.1, 0.4]);
  const first = await simulation.openTab();
  await scheduler.pass(2 * SECOND);
  let automationId = '';
  void first.act('the welcome automation is published', async (edits) => {
    automationId = await edits.automations.create('Bienvenue');
    await edits.automations.saveDraft(automationId, {
      graph: welcomeGraph,
      settings: { ...defaultSettings(), reentry: { mode: 'after_leaving' } }
    });
    return edits.automations.publish(automationId);
  });
  await scheduler.pass(2 * SECOND);
  for (let left = random.between(15, 40); left > 0 && !simulation.violation; left--) {
    const tab = simulation.awake.length > 0 ? random.pick(simulation.awake) : await simulation.openTab();
    act(tab, random);
    await scheduler.pass(
      random.pick([0, 5, 200, 3 * SECOND, 40 * SECOND, 3 * MINUTE]),
      () => simulation.violation !== null
    );
    if (random.chance(restless)) await incident(simulation, random);
  }
}

function act(tab: Tab, random: Random): void {
  const ids = [contactId(random.between(0, 4))];
  const listId = random.pick(['l1', 'l1', 'l2']);
  if (random.chance(0.7)) void tab.act('onto a list', (edits) => edits.contacts.addToList({ ids }, listId));
  else void tab.act('off a list', (edits) => edits.contacts.removeFromList({ ids }, listId));
}
