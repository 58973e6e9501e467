import { DAY, HOUR, SECOND } from '$lib/core/instants';
import type { Random } from './random';
import { START, Violation, type Simulation } from './simulation';
import type { Tab } from './tab';

/** How time goes on at the end: most waits end, and what a provider remembers it forgets. */
const LEAPS = [0, HOUR, 6 * HOUR, DAY, 3 * DAY, 7 * DAY];

/**
 * Nothing goes wrong any more: one tab, a healthy network, room on the disk, a clock that is right. The user says what is to become of
 * what waits for a word. Then time goes on until nothing is due, everything is checked, and the app is opened once more and used.
 */
export async function settle(simulation: Simulation, random: Random): Promise<void> {
  if (simulation.violation) return;
  simulation.faults.end();
  simulation.isOnline = true;
  // Whoever has lived through all that must go on, and so must whoever opens the app now.
  const [survivor] = random.chance(0.5) ? simulation.awake : [];
  for (const tab of simulation.tabs) if (tab !== survivor) tab.die();
  const tab = survivor ?? (await simulation.openTab());
  await calm(simulation, tab);
  await simulation.perform(tab, 'accounts may send again', async (edits) => {
    for (const { id } of simulation.mirror.all('accounts')) await edits.accounts.resume(id);
  });
  for (const leap of LEAPS) {
    simulation.scheduler.setClock(leap);
    await calm(simulation, tab);
  }
  await simulation.check(tab.storage);
  if (hasFailed(simulation)) return;
  await goesOn(simulation);
}

/** Asked anew each time: it changes while others have their turn. */
function hasFailed({ violation }: Simulation): boolean {
  return violation !== null;
}

/** As long as it takes the runner to notice, look and send, with retries. */
async function calm(simulation: Simulation, tab: Tab): Promise<void> {
  await simulation.scheduler.pass(65 * SECOND, () => simulation.violation !== null);
  if (!tab.engine.lease.isHeld && simulation.violation === null)
    throw new Violation('the app goes on', 'the only tab does not run the engine');
}

/** The app is opened anew, and an edit in it has its effect. */
async function goesOn(simulation: Simulation): Promise<void> {
  for (const tab of simulation.tabs) tab.die();
  const tab = await simulation.openTab();
  await simulation.scheduler.pass(5 * SECOND);
  const saved = await simulation.perform(tab, 'a contact is added', (edits) =>
    edits.contacts.save({ email: `last${START}@exemple.fr`, attributes: { FIRSTNAME: 'Dernière' }, listIds: ['l1'] })
  );
  if (!saved?.ok) throw new Violation('the app goes on', 'a contact cannot be added any more');
}
