import { instant, money, reference, text } from '../fields';
import { defineEvent } from './define';

export const dealCreated = defineEvent('deal.created', {
  dealId: text({ required: true }),
  amount: money(),
  pipelineId: reference('pipelines', { required: true }),
  stageId: reference('stages', { required: true })
});

export const dealStageUpdated = defineEvent('deal.stage_updated', {
  dealId: text({ required: true }),
  amount: money(),
  pipelineId: reference('pipelines', { required: true }),
  fromStageId: reference('stages', { required: true }),
  toStageId: reference('stages', { required: true })
});

export const taskCompleted = defineEvent('task.completed', {
  taskId: text({ required: true }),
  type: reference('taskTypes'),
  title: text(),
  dueAt: instant(),
  completedAt: instant({ required: true })
});
