import { SECOND, type Milliseconds } from '$lib/core/instants';
import type { Random } from './random';
import type { Scale } from './scale';
import { START, Violation, type Simulation } from './simulation';
import type { Tab } from './tab';

/**
 * Nothing goes wrong any more: one tab, a healthy network, room on the disk, a clock that is right. The user says what is to become of
 * what waits for a word. Then time goes on until nothing is due, everything is checked, and the app is opened once more and used.
 */
export async function settle(simulation: Simulation, random: Random, { leaps, calm }: Scale): Promise<void> {
  if (simulation.violation) return;
  simulation.faults.end();
  simulation.isOnline = true;
  // Whoever has lived through all that must go on, and so must whoever opens the app now.
  const [survivor] = random.chance(0.5) ? simulation.awake : [];
  for (const tab of simulation.tabs) if (tab !== survivor) tab.die();
  const tab = survivor ?? (await simulation.openTab());
  await comeToRest(simulation, tab, calm);
  await simulation.perform(tab, 'accounts may send again', async (edits) => {
    for (const { id } of simulation.mirror.all('accounts')) await edits.accounts.resume(id);
  });
  for (const leap of leaps) {
    simulation.setClock(leap);
    await comeToRest(simulation, tab, calm);
  }
  await simulation.check(tab.storage);
  if (hasFailed(simulation)) return;
  await goesOn(simulation);
}

/** Asked anew each time: it changes while others have their turn. */
function hasFailed({ violation }: Simulation): boolean {
  return violation !== null;
}

const MOST_MORE = 20;

function isAtWork({ mirror, now }: Simulation): boolean {
  return (
    mirror.all('intents').length > 0 ||
    mirror.all('enrolments').some(({ dueAt }) => dueAt !== undefined && dueAt <= now)
  );
}

async function comeToRest(simulation: Simulation, tab: Tab, time: Milliseconds): Promise<void> {
  const isOver = (): boolean => simulation.violation !== null;
  await simulation.scheduler.pass(time, isOver);
  // After weeks of closure there is more to catch up with.
  for (let more = 0; more < MOST_MORE && !isOver() && isAtWork(simulation); more++)
    await simulation.scheduler.pass(time, isOver);
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
