import type { FilterTree } from '$lib/core/filter-tree';
import { createTask, emailOf, fileOf, inDays, OFFICE_HOURS, sendEmail, waitFor } from '../parts';
import type { ReadyAutomation } from '../ready';

const id = 'deal';

const STAGES = [
  { id: 'new', outcome: 'open' },
  { id: 'qualified', outcome: 'open' },
  { id: 'proposal', outcome: 'open' },
  { id: 'won', outcome: 'won' },
  { id: 'lost', outcome: 'lost' }
] as const;

const toProposal = (operator: 'anyOf' | 'noneOf'): FilterTree => ({
  subject: { of: 'event', property: 'toStageId' },
  kind: 'choice',
  operator,
  value: ['proposal']
});

export const deal: ReadyAutomation = {
  id,
  icon: 'kanban',
  purpose: 'sell',
  file: (text, site) => {
    const fromThem = { direction: 'from', filters: null };
    return fileOf(text, {
      id,
      settings: {
        reentry: { mode: 'after_leaving' },
        exit: [{ event: 'deal.stage_updated', filters: toProposal('noneOf') }],
        sendWindow: OFFICE_HOURS
      },
      graph: {
        triggers: [{ id: 'stage', unit: 'deal.stage_updated', version: 1, fields: { filters: toProposal('anyOf') } }],
        entry: 'send',
        steps: [
          createTask('send', text(`${id}.tasks.send`), inDays(1), 'sent'),
          sendEmail('sent', 'sent', 'answer', { type: 'transactional' }),
          waitFor('answer', 'conversation.message_received', '4 days', { yes: 'reply', no: 'nudge' }, fromThem),
          sendEmail('nudge', 'nudge', 'silence', { type: 'transactional' }),
          waitFor('silence', 'conversation.message_received', '5 days', { yes: 'reply', no: 'call' }, fromThem),
          createTask('call', text(`${id}.tasks.call`), inDays(1), null),
          createTask('reply', text(`${id}.tasks.answer`), inDays(0, '18:00'), null)
        ]
      },
      pipelines: [
        {
          id: 'pipeline',
          name: text(`${id}.pipeline`),
          stages: STAGES.map((stage) => ({ ...stage, name: text(`${id}.stages.${stage.id}`) }))
        }
      ],
      taskTypes: [{ id: 'taskType', name: text(`${id}.taskType`) }],
      templates: [emailOf(text, id, 'sent', { url: site }), emailOf(text, id, 'nudge', { url: site })]
    });
  }
};
