import { createTask, durationOf, emailOf, fileOf, inDays, sendEmail, waitFor } from '../parts';
import type { ReadyAutomation } from '../ready';

const id = 'renewal';

export const renewal: ReadyAutomation = {
  id,
  icon: 'refresh-cw',
  purpose: 'keep',
  file: (text, site) =>
    fileOf(text, {
      id,
      settings: {
        reentry: { mode: 'after_leaving' },
        late: { does: 'skip', after: durationOf('5 days') }
      },
      graph: {
        triggers: [
          {
            id: 'month',
            unit: 'contact.anniversary',
            version: 1,
            fields: {
              attributeId: 'RENEWAL_ON',
              when: 'before',
              offset: durationOf('30 days'),
              time: '09:00',
              repeats: 'once'
            }
          }
        ],
        entry: 'early',
        steps: [
          sendEmail('early', 'early', 'paid', { type: 'transactional' }),
          waitFor('paid', 'payment.completed', '23 days', { yes: 'thanks', no: 'soon' }),
          sendEmail('soon', 'soon', 'pays', { type: 'transactional' }),
          waitFor('pays', 'payment.completed', '4 days', { yes: 'thanks', no: 'call' }),
          createTask('call', text(`${id}.task`), inDays(1), null),
          sendEmail('thanks', 'thanks', null, { type: 'transactional' })
        ]
      },
      attributes: [{ id: 'RENEWAL_ON', name: text(`${id}.attribute`), kind: 'date' }],
      taskTypes: [{ id: 'taskType', name: text(`${id}.taskType`) }],
      templates: [
        emailOf(text, id, 'early', { url: site }),
        emailOf(text, id, 'soon', { url: site }),
        emailOf(text, id, 'thanks')
      ]
    })
};
