import { MINUTE, SECOND } from '$lib/core/instants';
import { someDeed } from './deeds';
import { made } from './deeds/automations';
import type { World } from './deeds/deed';
import { incident } from './incidents';
import type { Random } from './random';
import type { Scale } from './scale';
import type { Simulation } from './simulation';

/** What happens: people do things, time passes, tabs open, freeze and die, and nobody waits for anybody. */
export async function live(simulation: Simulation, random: Random, { deeds }: Scale, seed: number): Promise<void> {
  const { scheduler } = simulation;
  const hasFailed = (): boolean => simulation.violation !== null;
  const world: World = { simulation, random, plans: new Map(), files: new Map(), removals: [] };
  const restless = random.pick([0, 0.1, 0.35]);
  await simulation.openTab();
  for (let left = random.between(1, 3); left > 0; left--) {
    const tab = simulation.awake[0] ?? (await simulation.openTab());
    const isFirst = world.plans.size === 0;
    const { label, work } = made(world, `Automation ${left}`, isFirst ? seed : null);
    void tab.act(label, work);
    await scheduler.pass(2 * SECOND, hasFailed);
  }
  for (let left = random.between(...deeds); left > 0 && !hasFailed(); left--) {
    const tab = simulation.awake.length > 0 ? random.pick(simulation.awake) : await simulation.openTab();
    const deed = someDeed(world);
    if (deed) void tab.act(deed.label, deed.work);
    await scheduler.pass(random.pick([0, 5, 200, 2 * SECOND, 20 * SECOND, MINUTE]), hasFailed);
    if (random.chance(restless)) await incident(simulation, random);
  }
}
