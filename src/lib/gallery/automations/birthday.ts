import { durationOf, emailOf, fileOf, sendEmail, waitFor } from '../parts';
import type { ReadyAutomation } from '../ready';

const id = 'birthday';

export const birthday: ReadyAutomation = {
  id,
  icon: 'cake',
  purpose: 'keep',
  file: (text, site) =>
    fileOf(text, {
      id,
      note: text(`${id}.note`),
      settings: {
        reentry: { mode: 'after_leaving' },
        exit: [{ event: 'email.unsubscribed', filters: null }],
        // A wish a week late is worse than none.
        late: { does: 'skip', after: durationOf('2 days') }
      },
      graph: {
        triggers: [
          {
            id: 'birthday',
            unit: 'contact.anniversary',
            version: 1,
            fields: { attributeId: 'BIRTHDAY', when: 'on', time: '09:00', repeats: 'yearly' }
          }
        ],
        entry: 'gift',
        steps: [
          sendEmail('gift', 'gift', 'used'),
          waitFor('used', 'order.created', '10 days', { yes: null, no: 'reminder' }),
          sendEmail('reminder', 'reminder', null)
        ]
      },
      attributes: [{ id: 'BIRTHDAY', name: text(`${id}.attribute`), kind: 'date' }],
      templates: [emailOf(text, id, 'gift', { url: site }), emailOf(text, id, 'reminder', { url: site })]
    })
};
