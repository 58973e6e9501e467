import { create } from '$lib/core/changes';
import { failed, ok } from '$lib/core/result';
import { words } from '$lib/core/words';
import { completeTask, createTask, deleteTask, reopenTask, updateTask } from '$lib/records/tasks';
import type { WorkerApi } from '../api';
import { NO_EFFECT, type Desk } from '../desk';
import { nameRefusal } from './names';

export function taskEdits(desk: Desk): WorkerApi['tasks'] {
  return {
    save: ({ id, ...draft }) =>
      desk.tryEdit(async (transaction, given) => {
        const refused = nameRefusal(draft.title);
        if (refused) return failed(refused);
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
      desk.tryEdit(async (transaction) => {
        const task = await transaction.get('tasks', id);
        return task ? ok({ effect: deleteTask(task), value: task }) : failed(words('words.task.gone'));
      }),
    restore: (task) =>
      desk.edit(async (transaction) => {
        const isThere = (await transaction.get('tasks', task.id)) !== undefined;
        const contact = task.contactId === undefined ? null : await transaction.get('contacts', task.contactId);
        // Somebody who was erased meanwhile does not come back by a task.
        if (isThere || contact === undefined) return { effect: NO_EFFECT, value: undefined };
        return { effect: { changes: [create('tasks', task.id, task)], events: [] }, value: undefined };
      })
  };
}
