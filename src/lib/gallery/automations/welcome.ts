import { BY_DAY, delay, emailOf, fileOf, sendEmail, waitFor } from '../parts';
import type { ReadyAutomation } from '../ready';

const id = 'welcome';

export const welcome: ReadyAutomation = {
  id,
  icon: 'sparkles',
  purpose: 'welcome',
  file: (text, site) =>
    fileOf(text, {
      id,
      note: text(`${id}.note`),
      settings: { exit: [{ event: 'email.unsubscribed', filters: null }] },
      graph: {
        triggers: [{ id: 'joins', unit: 'contact.added_to_list', version: 1, fields: { listIds: ['list'] } }],
        entry: 'hello',
        steps: [
          sendEmail('hello', 'hello', 'opened'),
          waitFor('opened', 'email.opened', '3 days', { yes: 'pause', no: 'nudge' }),
          sendEmail('nudge', 'nudge', 'pause'),
          delay('pause', '2 days', 'story', BY_DAY),
          sendEmail('story', 'story', 'rest'),
          delay('rest', '3 days', 'invite', BY_DAY),
          sendEmail('invite', 'invite', null)
        ]
      },
      lists: [{ id: 'list', name: text(`${id}.list`) }],
      templates: [
        emailOf(text, id, 'hello', { url: site, after: true }),
        emailOf(text, id, 'nudge', { url: site }),
        emailOf(text, id, 'story'),
        emailOf(text, id, 'invite', { url: site })
      ]
    })
};
