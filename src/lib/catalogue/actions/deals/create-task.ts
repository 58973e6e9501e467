import { momentInstant } from '$lib/core/calendar';
import { defineAction } from '$lib/core/definitions';
import { moment, reference, text } from '$lib/core/fields';
import { failed, ok } from '$lib/core/result';
import { words } from '$lib/core/words';
import { createTask } from '$lib/records/tasks';
import { nameOf, timeZoneOf } from '../../names';

export default defineAction({
  id: 'task.create',
  group: 'deals',
  icon: 'clipboard-check',
  version: 1,
  fields: {
    typeId: reference('taskTypes', { required: true }),
    title: text({ required: true, max: 200 }),
    due: moment(),
    /** None: the contact's owner. */
    ownerId: reference('users'),
    note: text({ long: true, max: 10_000 })
  },
  sentence: ({ fields, view }) => {
    const type = nameOf(view.taskTypes, fields.typeId);
    return type === null ? null : words('catalogue.task.create.sentence', { type, title: fields.title });
  },
  // A task about a deal belongs to it: the event tells which.
  needs: () => ({ parts: ['deals'] }),
  apply: ({ fields, contact, event, related, view, at, now, newId }) => {
    const type = view.taskTypes.get(fields.typeId ?? '');
    if (!type) return failed(words('words.step.task_type_gone'));
    const deal = related.deals?.find(({ id }) => id === event.properties.dealId);
    const { task, changes, events } = createTask(
      {
        title: fields.title.trim(),
        typeId: type.id,
        note: fields.note.trim(),
        dueAt: fields.due === null ? null : momentInstant(fields.due, at, timeZoneOf(view)),
        ownerId: view.users.get(fields.ownerId ?? '')?.id ?? contact.ownerId ?? null,
        contactId: contact.id,
        dealId: deal?.id ?? null
      },
      { now, newId }
    );
    return ok({ changes, events, words: words('words.step.task_created', { task: task.title }) });
  },
  examples: [
    {
      fields: { typeId: 'call', title: 'Rappeler', due: { at: 'days', days: 1, time: '09:00' } },
      related: { deals: [] },
      branch: 'next',
      changes: ['tasks']
    },
    {
      fields: { typeId: 'call', title: 'Rappeler', ownerId: 'u1', note: 'Après le devis' },
      contact: { ownerId: 'u2' },
      related: { deals: [] },
      branch: 'next',
      changes: ['tasks']
    }
  ]
});
