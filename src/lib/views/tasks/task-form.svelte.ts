import { engine } from '$lib/app/engine';
import type { CrmChoices } from '$lib/app/queries';
import type { Id } from '$lib/core/ids';
import type { Task } from '$lib/core/rows/crm';
import { words } from '$lib/i18n';
import { instantOf, localOf } from '../fields/instants';
import { isAboutName, orSayBug } from '../shared/outcome';
import { tomorrowMorning } from './due';

/** What a new task starts with. */
export interface TaskStart {
  readonly typeId?: Id | undefined;
  readonly dueAt?: number | undefined;
  readonly contactId?: Id | undefined;
  readonly dealId?: Id | undefined;
}

/** What is being typed about a task, and what is wrong with it. */
export class TaskForm {
  title = $state('');
  typeId = $state('');
  /** As a `datetime-local` input has it. */
  due = $state('');
  ownerId = $state<string | undefined>();
  contactIds = $state<string[]>([]);
  note = $state('');
  /** Words under the title, or above the form. */
  titleError = $state<string | undefined>();
  error = $state<string | undefined>();
  isSaving = $state(false);
  readonly #task: Task | null;
  readonly #dealId: Id | null;

  constructor(task: Task | null, start: TaskStart) {
    this.#task = task;
    this.#dealId = (task ? task.dealId : start.dealId) ?? null;
    this.title = task?.title ?? '';
    this.typeId = task?.typeId ?? start.typeId ?? '';
    this.due = localOf(task ? task.dueAt : start.dueAt);
    this.ownerId = task?.ownerId;
    const contactId = task ? task.contactId : start.contactId;
    this.contactIds = contactId === undefined ? [] : [contactId];
    this.note = task?.note ?? '';
  }

  /** Whether it was saved; the fields say what is wrong otherwise. */
  async save(): Promise<boolean> {
    this.titleError = this.error = undefined;
    this.isSaving = true;
    try {
      const result = await orSayBug(
        engine().tasks.save({
          ...(this.#task ? { id: this.#task.id } : {}),
          title: this.title.trim(),
          typeId: this.typeId,
          note: this.note,
          dueAt: instantOf(this.due),
          ownerId: this.ownerId ?? null,
          contactId: this.contactIds[0] ?? null,
          dealId: this.#dealId
        })
      );
      if (!result.ok && isAboutName(result.reason)) this.titleError = words(result.reason);
      else if (!result.ok) this.error = words(result.reason);
      return result.ok;
    } finally {
      this.isSaving = false;
    }
  }
}

/** A form for the task, or for a new one: of the first type, due tomorrow morning. */
export function newTaskForm(
  task: Task | null,
  { taskTypes }: Pick<CrmChoices, 'taskTypes'>,
  start: TaskStart = {}
): TaskForm {
  return new TaskForm(task, { typeId: taskTypes[0]?.id, dueAt: tomorrowMorning(Date.now()), ...start });
}
