import { assign, createTask, emailOf, fileOf, inDays, sendEmail, split, waitFor } from '../parts';
import type { ReadyAutomation } from '../ready';

const id = 'meeting';

export const meeting: ReadyAutomation = {
  id,
  icon: 'calendar-check',
  purpose: 'serve',
  file: (text, site) => {
    const url = `{{ event.url | default: "${site}" }}`;
    return fileOf(text, {
      id,
      settings: {
        reentry: { mode: 'after_leaving' },
        exit: [{ event: 'meeting.cancelled', filters: null }],
        restart: [{ event: 'meeting.booked', filters: null }]
      },
      graph: {
        triggers: [{ id: 'booked', unit: 'meeting.booked', version: 1, fields: { filters: null } }],
        entry: 'noted',
        steps: [
          assign('noted', { attributeId: 'NEXT_MEETING', value: { from: 'event', property: 'startsAt' } }, 'confirm'),
          sendEmail('confirm', 'confirmed', 'soon', { type: 'transactional' }),
          split(
            'soon',
            [
              {
                id: 'soon',
                name: text(`${id}.soon`),
                filters: {
                  subject: { of: 'event', property: 'startsAt' },
                  kind: 'date',
                  operator: 'inNext',
                  value: 1
                },
                next: 'prepare'
              },
              {
                id: 'later',
                name: text(`${id}.later`),
                filters: { subject: { of: 'event', property: 'startsAt' }, kind: 'date', operator: 'isKnown' },
                next: 'eve'
              }
            ],
            'prepare'
          ),
          waitFor(
            'eve',
            'contact.anniversary',
            '3 months',
            { yes: 'remind', no: null },
            {
              attributeId: 'NEXT_MEETING',
              when: 'before',
              offset: { amount: 1, unit: 'days' },
              time: '09:00',
              timeZone: '',
              repeats: 'once',
              leapDay: 'february_28'
            }
          ),
          sendEmail('remind', 'tomorrow', 'prepare', { type: 'transactional' }),
          createTask('prepare', text(`${id}.task`), inDays(0, '18:00'), null)
        ]
      },
      attributes: [{ id: 'NEXT_MEETING', name: text(`${id}.attribute`), kind: 'date' }],
      taskTypes: [{ id: 'taskType', name: text(`${id}.taskType`) }],
      templates: [emailOf(text, id, 'confirmed', { url, after: true }), emailOf(text, id, 'tomorrow', { url })]
    });
  }
};
