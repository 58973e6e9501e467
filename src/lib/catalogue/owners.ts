import type { StepArgs } from '$lib/core/definitions';
import type { Fields } from '$lib/core/fields';
import type { Change } from '$lib/core/changes';
import { NO_NEEDS, type Needs } from '$lib/core/related';
import type { User } from '$lib/core/rows/crm';
import { nextInRotation, rotationId } from '$lib/records/users/rotation';

/** What a step needs that gives turns to these users: one user has no need of a rotation. */
export function rotationNeeds(userIds: readonly string[], automationId: string, stepId: string): Needs {
  return userIds.length > 1 ? { rotations: [rotationId(automationId, stepId)] } : NO_NEEDS;
}

/**
 * Whose turn it is among the users that a step names; null where none of them is there any more. `changes` count the turn, and belong
 * into the step's effect.
 */
export function whoseTurn<F extends Fields>(
  userIds: readonly string[],
  { view, related, enrolment, stepId }: StepArgs<F>
): { readonly user: User; readonly changes: readonly Change[] } | null {
  const present = [...new Set(userIds)].flatMap((id) => view.users.get(id) ?? []);
  const [only] = present;
  if (only === undefined) return null;
  if (present.length === 1) return { user: only, changes: [] };
  const id = rotationId(enrolment.automationId, stepId);
  const { userId, change } = nextInRotation(
    related.rotations?.get(id) ?? { id, counts: {} },
    present.map((user) => user.id)
  );
  return { user: present.find((user) => user.id === userId) ?? only, changes: [change] };
}
