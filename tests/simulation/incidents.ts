import { DAY, HOUR, MINUTE, SECOND } from '$lib/core/instants';
import type { Random } from './random';
import type { Simulation } from './simulation';
import { TIME_ZONES } from './workspaces';

/** More tabs than this are not opened at once. */
const MOST_TABS = 3;

/** What happens to the computer and its browser, and how often of a hundred. */
const INCIDENTS = {
  'second tab': 20,
  'a tab is closed': 10,
  'frozen tab': 20,
  'a tab thaws': 20,
  'closed for long': 10,
  'clock forward': 5,
  'clock back': 3,
  sleep: 12,
  'time zone': 5,
  offline: 8,
  online: 12
} as const;

/** One of them. Time may have passed when it is over. */
export async function incident(simulation: Simulation, random: Random): Promise<void> {
  const { scheduler, faults } = simulation;
  const alive = simulation.tabs.filter(({ isDead }) => !isDead);
  switch (random.weighted(INCIDENTS)) {
    case 'second tab':
      if (alive.length === 0 || alive.length >= MOST_TABS) return;
      faults.strike('second tab');
      await simulation.openTab();
      return;
    case 'a tab is closed':
      if (alive.length > 0) random.pick(alive).die();
      return;
    case 'frozen tab': {
      const [tab] = simulation.awake.filter((one) => one !== simulation.openBy);
      if (!tab) return;
      faults.strike('frozen tab');
      tab.freeze();
      return;
    }
    case 'a tab thaws': {
      const frozen = alive.filter(({ isFrozen }) => isFrozen);
      if (frozen.length > 0) random.pick(frozen).thaw();
      return;
    }
    case 'closed for long':
      faults.strike('closed for long');
      for (const tab of alive) tab.die();
      await scheduler.pass(SECOND);
      simulation.setClock(random.pick([HOUR, 8 * HOUR, DAY, 3 * DAY, 20 * DAY]));
      return;
    case 'clock forward':
      faults.strike('clock forward');
      simulation.setClock(random.between(MINUTE, 3 * HOUR));
      return;
    case 'clock back':
      faults.strike('clock back');
      simulation.setClock(-random.between(SECOND, 2 * HOUR));
      return;
    case 'sleep':
      // Timers stand still while the computer sleeps.
      simulation.setClock(random.pick([5 * MINUTE, HOUR, 9 * HOUR, 2 * DAY]));
      return;
    case 'time zone': {
      const [tab] = simulation.awake;
      if (!tab) return;
      faults.strike('time zone');
      void tab.act('another time zone', (edits) => edits.settings.save({ timeZone: random.pick(TIME_ZONES) }));
      return;
    }
    case 'offline':
      faults.strike('offline');
      simulation.isOnline = false;
      return;
    case 'online':
      simulation.isOnline = true;
  }
}
