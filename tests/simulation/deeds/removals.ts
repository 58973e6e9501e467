import type { Doing, World } from './deed';

export function automationRemoved({ simulation, random, plans }: World): Doing | null {
  const idle = simulation.mirror.all('automations').filter(({ status }) => status !== 'active');
  if (idle.length === 0 || plans.size < 2) return null;
  const { id } = random.pick(idle);
  return {
    label: `removes ${id}`,
    work: (edits) => edits.automations.remove(id).then((removed) => remember(simulation, removed))
  };
}

export function listRemoved({ simulation, random }: World): Doing {
  const id = random.pick(['l2', 'l3']);
  return {
    label: `removes ${id}`,
    work: (edits) => edits.lists.remove(id).then((removed) => remember(simulation, removed))
  };
}

function remember(simulation: Simulation, removed: { ok: true; value: string } | { ok: false }): void {
  if (removed.ok) removals.set(simulation, [...(removals.get(simulation) ?? []), removed.value]);
}

/** Of a removal in this tab; another tab, or the same one opened anew, knows nothing of it. */
export function undone({ simulation }: World): Doing | null {
  const removal = removals.get(simulation)?.pop();
  return removal === undefined ? null : { label: `undoes ${removal}`, work: (edits) => edits.undo(removal) };
}
