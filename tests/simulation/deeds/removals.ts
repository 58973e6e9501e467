import type { Doing, World } from './deed';

export function automationRemoved(world: World): Doing | null {
  const { simulation, random, plans } = world;
  const idle = simulation.mirror.all('automations').filter(({ status }) => status !== 'active');
  if (idle.length === 0 || plans.size < 2) return null;
  const { id } = random.pick(idle);
  return {
    label: `removes ${id}`,
    work: (edits) => edits.automations.remove(id).then((removed) => remember(world, removed))
  };
}

export function listRemoved(world: World): Doing {
  const id = world.random.pick(['l2', 'l3']);
  return {
    label: `removes ${id}`,
    work: (edits) => edits.lists.remove(id).then((removed) => remember(world, removed))
  };
}

/** A company goes, its contact gets another, and it comes back: what was given since stays. */
export function companyReplaced({ simulation, random }: World): Doing | null {
  const theirs = simulation.mirror
    .all('contacts')
    .filter(({ companyId, hiddenAt }) => companyId === 'co1' && hiddenAt === undefined);
  if (theirs.length === 0) return null;
  const { id } = random.pick(theirs);
  return {
    label: `replaces the company of ${id}`,
    work: async (edits) => {
      const removed = await edits.companies.remove('co1');
      await edits.contacts.save({ id, attributes: {}, companyId: 'co2' });
      return removed.ok ? edits.undo(removed.value) : removed;
    }
  };
}

function remember({ removals }: World, removed: { ok: true; value: string } | { ok: false }): void {
  if (removed.ok) removals.push(removed.value);
}

/** Of a removal in this tab; another tab, or the same one opened anew, knows nothing of it. */
export function undone({ removals }: World): Doing | null {
  const removal = removals.pop();
  return removal === undefined ? null : { label: `undoes ${removal}`, work: (edits) => edits.undo(removal) };
}
