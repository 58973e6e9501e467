import { SECOND } from '$lib/core/instants';
import type { Tab } from '../tab';
import { Violation } from '../simulation';
import type { Invariant } from './invariant';

const KEPT = 'whoever is awake keeps the lease';
/** Longer than anybody waits for a heartbeat. */
const PATIENCE = 20 * SECOND;
const NAME = 'only the tab that holds the lease runs the engine';

/** Whoever has written the last epoch holds the lease: nobody else commits for the engine, or lets a message leave. */
export const oneRunner: Invariant = (simulation) => {
  let holder: Tab | null = null;
  let epoch = 0;
  simulation.network.outside.leavings.push((tab, wire) => {
    if (tab !== holder)
      throw new Violation(NAME, `${tab.name} sends ${wire.rowIds.join(' ')} while ${holder?.name} holds the lease`);
  });
  return {
    committed: ({ tab, role, changes }) => {
      for (const change of changes) {
        if (change.table !== 'runtime' || change.id !== 'runner') continue;
        const row = simulation.mirror.get('runtime', 'runner');
        if (row?.id !== 'runner' || row.epoch === epoch) continue;
        const isUndisturbed = simulation.scheduler.elapsed - simulation.disturbedAt > PATIENCE;
        if (holder && !holder.isDead && !holder.isFrozen && holder.engine.lease.isHeld && isUndisturbed)
          throw new Violation(KEPT, `${tab?.name} takes it from ${holder.name}, which is awake`);
        ({ epoch } = row);
        holder = tab;
      }
      if (role === 'engine' && tab !== null && tab !== holder)
        throw new Violation(NAME, `${tab.name} commits for the engine while ${holder?.name} holds the lease`);
    }
  };
};
