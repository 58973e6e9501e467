import { momentInstant } from '$lib/core/calendar';
import { defineAction } from '$lib/core/definitions';
import { moment, reference, references, text } from '$lib/core/fields';
import { failed, ok } from '$lib/core/result';
import { words } from '$lib/core/words';
import { NOTHING, together } from '$lib/records/contacts/cause';
import { createDeal } from '$lib/records/deals';
import { createTask } from '$lib/records/tasks';
import { dealName, placeOf, stageProblems } from '../../deals';
import { timeZoneOf } from '../../names';
import { rotationNeeds, whoseTurn } from '../../owners';

export default defineAction({
  id: 'deal.create',
  group: 'deals',
  icon: 'handshake',
  version: 1,
  fields: {
    pipelineId: reference('pipelines', { required: true }),
    stageId: reference('stages', { required: true }),
    namePrefix: text({ max: 200 }),
    /** One, or several who take turns; none: the contact's owner. */
    userIds: references('users'),
    /** Empty: no follow-up task. */
    taskTitle: text({ max: 200 }),
    taskTypeId: reference('taskTypes'),
    taskDue: moment()
  },
  sentence: ({ fields, view }) => {
    const place = placeOf(fields, view);
    return place && words('catalogue.deal.create.sentence', { pipeline: place.pipeline.name, stage: place.stage.name });
  },
  check: ({ fields, view }) => [
    ...stageProblems(fields, view),
    ...(fields.taskTitle.trim() !== '' && fields.taskTypeId === null
      ? [{ field: 'taskTypeId', words: words('words.problem.required') }]
      : [])
  ],
  needs: ({ fields, automationId, stepId }) => rotationNeeds(fields.userIds, automationId, stepId),
  apply: (args) => {
    const { fields, contact, view, at, now, newId } = args;
    const place = placeOf(fields, view);
    if (!place) return failed(words('words.step.stage_gone'));
    const turn = whoseTurn(fields.userIds, args);
    if (turn === null && fields.userIds.length > 0) return failed(words('words.step.users_gone'));
    const ownerId = turn?.user.id ?? contact.ownerId ?? null;
    const { deal, ...made } = createDeal(
      {
        name: dealName(fields.namePrefix, contact),
        pipelineId: place.pipeline.id,
        stageId: place.stage.id,
        amount: null,
        ownerId,
        contactIds: [contact.id],
        companyId: contact.companyId ?? null,
        expectedCloseOn: null,
        attributes: {}
      },
      { via: 'automation', now, newId }
    );
    const { taskTypeId, taskDue } = fields;
    const title = fields.taskTitle.trim();
    const followUp =
      title === '' || taskTypeId === null
        ? NOTHING
        : createTask(
            {
              title,
              typeId: taskTypeId,
              note: '',
              dueAt: taskDue === null ? null : momentInstant(taskDue, at, timeZoneOf(view)),
              ownerId,
              contactId: contact.id,
              dealId: deal.id
            },
            { now, newId }
          );
    const { changes, events } = together({ changes: turn?.changes ?? [], events: [] }, made, followUp);
    return ok({
      changes,
      events,
      words: words('words.step.deal_created', { deal: deal.name, stage: place.stage.name })
    });
  },
  examples: [
    {
      fields: { pipelineId: 'p1', stageId: 'new', namePrefix: 'Atelier' },
      branch: 'next',
      changes: ['deals'],
      causes: ['deal.created']
    },
    {
      fields: {
        pipelineId: 'p1',
        stageId: 'new',
        userIds: ['u1', 'u2'],
        taskTitle: 'Rappeler',
        taskTypeId: 'call',
        taskDue: { at: 'days', days: 2, time: '10:00' }
      },
      related: { rotations: new Map([['a1/s1', { id: 'a1/s1', counts: {} }]]) },
      branch: 'next',
      changes: ['rotations', 'deals', 'tasks'],
      causes: ['deal.created']
    },
    { fields: { pipelineId: 'p2', stageId: 'new' }, branch: null, changes: [] }
  ]
});
