import { create, type Change } from '$lib/core/changes';
import type { Id } from '$lib/core/ids';
import type { Rotation } from '$lib/core/rows/crm';

/** The id of the rotation of one step. */
export function rotationId(automationId: Id, stepId: Id): Id {
  return `${automationId}/${stepId}`;
}

/**
 * Whose turn it is among these users (at least one, in the order of ties): whoever has had the fewest turns. Who comes or comes back
 * starts at the fewest that the others have, and does not have to catch up. Counts are kept of these users alone.
 */
export function nextInRotation(
  rotation: Rotation,
  userIds: readonly Id[]
): { readonly userId: Id; readonly change: Change } {
  const known = userIds.flatMap((id) => rotation.counts[id] ?? []);
  const start = known.length === 0 ? 0 : Math.min(...known);
  const turns = new Map(userIds.map((id) => [id, rotation.counts[id] ?? start]));
  const fewest = Math.min(...turns.values());
  const userId = userIds.find((id) => turns.get(id) === fewest);
  if (userId === undefined) throw new RangeError('a rotation needs a user');
  turns.set(userId, fewest + 1);
  return { userId, change: counted(rotation, turns) };
}

/** A rotation that nobody has had a turn in is not stored yet. Devices merge by user: only what differs is set. */
function counted({ id, counts }: Rotation, turns: ReadonlyMap<Id, number>): Change {
  if (Object.keys(counts).length === 0) return create('rotations', id, { id, counts: Object.fromEntries(turns) });
  const gone = Object.keys(counts).filter((userId) => !turns.has(userId));
  const changed = [...turns].filter(([userId, count]) => counts[userId] !== count);
  const set = Object.fromEntries<number | undefined>([
    ...gone.map((userId) => [userId, undefined] as const),
    ...changed
  ]);
  return {
    table: 'rotations',
    id,
    set: Object.fromEntries(Object.entries(set).map(([userId, count]) => [`counts.${userId}`, count]))
  };
}
