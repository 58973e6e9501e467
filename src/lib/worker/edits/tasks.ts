import { isInstant } from '$lib/core/instants';
import { failed, ok } from '$lib/core/result';
import { words } from '$lib/core/words';
import { completeTask, createTask, deleteTask, reopenTask, updateTask } from '$lib/records/tasks';
import type { WorkerApi } from '../api';
import type { Desk } from '../desk';
import type { Removals } from '../removals';
import { nameRefusal } from './names';

export function taskEdits(desk: Desk, removals: Removals): WorkerApi['tasks'] {
  return {
    save: ({ id, ...draft }) =>
      desk.tryEdit(async (transaction, given) => {
        const refused = nameRefusal(draft.title);
        if (refused) return failed(refused);
        if (draft.dueAt !== null && !isInstant(draft.dueAt)) return failed(words('words.task.not_an_instant'));
        const { taskTypes } = await transaction.view();
        if (!taskTypes.has(draft.typeId)) return failed(words('words.step.task_type_gone'));
        const fields = { ...draft, title: draft.title.trim(), note: draft.note.trim() };
        if (id === undefined) {
          const { task, ...effect } = createTask(fields, given);
          return ok({ effect, value: task.id });
        }
        const task = await transaction.get('tasks', id);
        return task ? ok({ effect: updateTask(task, fields, given), value: id }) : failed(words('words.task.gone'));
      }),
    complete: (id) =>
      desk.tryEdit(async (transaction, given) => {
        const task = await transaction.get('tasks', id);
        if (!task) return failed(words('words.task.gone'));
        const deal = task.dealId === undefined ? undefined : await transaction.get('deals', task.dealId);
        return ok({ effect: completeTask(task, deal, { ...given, via: 'manual' }), value: undefined });
      }),
    reopen: (id) =>
      desk.tryEdit(async (transaction, given) => {
        const task = await transaction.get('tasks', id);
        return task ? ok({ effect: reopenTask(task, given), value: undefined }) : failed(words('words.task.gone'));
      }),
    remove: (id) =>
      removals.remove((step) =>
        step(async (transaction) => {
          const task = await transaction.get('tasks', id);
          return task ? ok({ effect: deleteTask(task), value: undefined }) : failed(words('words.task.gone'));
        })
      )
  };
}
