import { assign, BY_DAY, delay, durationOf, emailOf, fileOf, products, sendEmail, waitFor } from '../parts';
import type { ReadyAutomation } from '../ready';

const id = 'review';

export const review: ReadyAutomation = {
  id,
  icon: 'badge-check',
  purpose: 'sell',
  file: (text, site) =>
    fileOf(text, {
      id,
      settings: {
        reentry: { mode: 'after_leaving', pause: durationOf('1 months') },
        exit: [{ event: 'email.unsubscribed', filters: null }]
      },
      graph: {
        triggers: [{ id: 'order', unit: 'order.created', version: 1, fields: { filters: null } }],
        entry: 'week',
        steps: [
          delay('week', '7 days', 'ask', BY_DAY),
          sendEmail('ask', 'ask', 'clicked'),
          waitFor('clicked', 'email.link_clicked', '5 days', { yes: 'noted', no: 'remind' }),
          sendEmail('remind', 'remind', 'late'),
          waitFor('late', 'email.link_clicked', '5 days', { yes: 'noted', no: null }),
          assign('noted', { attributeId: 'REVIEWED_ON', value: { from: 'now' } }, null)
        ]
      },
      attributes: [{ id: 'REVIEWED_ON', name: text(`${id}.attribute`), kind: 'date' }],
      templates: [
        emailOf(text, id, 'ask', { url: site, after: true, more: [products('order')] }),
        emailOf(text, id, 'remind', { url: site })
      ]
    })
};
