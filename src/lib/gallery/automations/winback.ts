import type { FilterTree } from '$lib/core/filter-tree';
import { addToList, durationOf, emailOf, fileOf, removeFromList, sendEmail, waitFor } from '../parts';
import type { ReadyAutomation } from '../ready';

const id = 'winback';
const DAYS = 90;

/** Known for longer than that, may be written to, and has neither opened nor clicked anything since. */
const ASLEEP: FilterTree = {
  op: 'all',
  of: [
    { subject: { of: 'contact', field: 'blocklisted' }, kind: 'yesNo', operator: 'isFalse' },
    {
      op: 'not',
      of: { subject: { of: 'contact', field: 'createdAt' }, kind: 'date', operator: 'inLast', value: DAYS }
    },
    ...(['email.opened', 'email.link_clicked'] as const).map((event): FilterTree => ({
      subject: { of: 'count', what: 'events', event, where: null, days: DAYS },
      kind: 'number',
      operator: 'equals',
      value: 0
    }))
  ]
};

export const winback: ReadyAutomation = {
  id,
  icon: 'alarm-clock',
  purpose: 'keep',
  file: (text, site) =>
    fileOf(text, {
      id,
      settings: {
        reentry: { mode: 'after_leaving', pause: durationOf('6 months') },
        exit: [{ event: 'email.unsubscribed', filters: null }]
      },
      graph: {
        triggers: [
          {
            id: 'asleep',
            unit: 'contact.in_segment',
            version: 1,
            fields: { segmentId: 'asleep', finds: 'joining', time: '10:00' }
          }
        ],
        entry: 'missed',
        steps: [
          sendEmail('missed', 'missed', 'clicked'),
          waitFor('clicked', 'email.link_clicked', '7 days', { yes: 'awake', no: 'goodbye' }),
          sendEmail('goodbye', 'goodbye', 'stays'),
          waitFor('stays', 'email.link_clicked', '7 days', { yes: 'awake', no: 'sleep' }),
          addToList('sleep', 'list', null),
          removeFromList('awake', 'list', 'back'),
          sendEmail('back', 'back', null)
        ]
      },
      lists: [{ id: 'list', name: text(`${id}.list`) }],
      segments: [{ id: 'asleep', name: text(`${id}.segment`), filters: ASLEEP }],
      templates: [
        emailOf(text, id, 'missed', { url: site }),
        emailOf(text, id, 'goodbye', { url: site }),
        emailOf(text, id, 'back')
      ]
    })
};
