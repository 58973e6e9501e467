import { create, remove, update } from '$lib/core/changes';
import type { Effect } from '$lib/core/definitions';
import { taskCompleted } from '$lib/core/events/deals';
import type { Id } from '$lib/core/ids';
import type { Instant } from '$lib/core/instants';
import type { Deal, Task } from '$lib/core/rows/crm';
import { causedEvent, NOTHING, type Cause } from '../contacts/cause';

export interface TaskFields {
  readonly title: string;
  readonly typeId: Id;
  readonly note: string;
  /** in ms */
  readonly dueAt: Instant | null;
  readonly ownerId: Id | null;
  readonly contactId: Id | null;
  readonly dealId: Id | null;
}

/** Something to be done. Its making causes no event, only its completion does. */
export function createTask(
  fields: TaskFields,
  { now, newId }: Pick<Cause, 'now' | 'newId'>
): Effect & { readonly task: Task } {
  const { title, typeId, note, dueAt, ownerId, contactId, dealId } = fields;
  const task: Task = {
    id: newId(),
    title,
    typeId,
    note,
    ...(dueAt === null ? {} : { dueAt }),
    ...(ownerId === null ? {} : { ownerId }),
    ...(contactId === null ? {} : { contactId }),
    ...(dealId === null ? {} : { dealId }),
    createdAt: now,
    updatedAt: now
  };
  return { task, changes: [create('tasks', task.id, task)], events: [] };
}

/** What is left out stays as it is; null takes away what may be missing. What is the same already changes nothing. */
export function updateTask(task: Task, patch: Partial<TaskFields>, { now }: Pick<Cause, 'now'>): Effect {
  const set: Record<string, unknown> = {};
  for (const property of ['title', 'typeId', 'note', 'dueAt', 'ownerId', 'contactId', 'dealId'] as const) {
    const value = patch[property];
    if (value !== undefined && (value ?? undefined) !== task[property]) set[property] = value ?? undefined;
  }
  if (Object.keys(set).length === 0) return NOTHING;
  return { changes: [update('tasks', task.id, { ...set, updatedAt: now })], events: [] };
}

/**
 * The task is done: `task.completed` for its contact, or, where it has none, for each contact of its deal. A task that is done already
 * causes nothing.
 */
export function completeTask(task: Task, deal: Pick<Deal, 'contactIds'> | undefined, given: Cause): Effect {
  if (task.completedAt !== undefined) return NOTHING;
  const { id: taskId, typeId: type, title, dueAt = null } = task;
  const properties = { taskId, type, title, dueAt, completedAt: given.now };
  const contactIds = task.contactId !== undefined ? [task.contactId] : (deal?.contactIds ?? []);
  return {
    changes: [update('tasks', task.id, { completedAt: given.now, updatedAt: given.now })],
    events: contactIds.map((contactId) => causedEvent(taskCompleted, contactId, properties, given))
  };
}

/** Not done after all. What its completion set off stays done. */
export function reopenTask(task: Task, { now }: Pick<Cause, 'now'>): Effect {
  if (task.completedAt === undefined) return NOTHING;
  return { changes: [update('tasks', task.id, { completedAt: undefined, updatedAt: now })], events: [] };
}

export function deleteTask({ id }: Pick<Task, 'id'>): Effect {
  return { changes: [remove('tasks', id)], events: [] };
}
