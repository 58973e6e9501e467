import type { FilterTree } from '$lib/core/filter-tree';
import type { EmailBlock } from '$lib/core/rows/emails';
import {
  assign,
  BY_DAY,
  createTask,
  delay,
  durationOf,
  emailOf,
  fileOf,
  inDays,
  sendEmail,
  sendSms,
  split,
  waitFor
} from '../parts';
import { SENDER, SMS_SENDER, type ReadyAutomation } from '../ready';

const id = 'survey';
const ANSWERS = ['good', 'fair', 'poor'] as const;

const clicked = (answer: string): FilterTree => ({
  subject: { of: 'last', event: 'email.link_clicked', property: 'url' },
  kind: 'text',
  operator: 'contains',
  value: `call=${answer}`
});

export const survey: ReadyAutomation = {
  id,
  icon: 'phone',
  purpose: 'serve',
  file: (text, site) =>
    fileOf(text, {
      id,
      settings: { reentry: { mode: 'after_leaving', pause: durationOf('2 weeks') } },
      graph: {
        triggers: [
          {
            id: 'call',
            unit: 'call.ended',
            version: 1,
            fields: {
              filters: {
                subject: { of: 'event', property: 'type' },
                kind: 'choice',
                operator: 'anyOf',
                value: ['inbound', 'outbound']
              }
            }
          }
        ],
        entry: 'hour',
        steps: [
          delay('hour', '1 hours', 'how', BY_DAY),
          split(
            'how',
            [
              {
                id: 'email',
                name: text(`${id}.byEmail`),
                filters: { subject: { of: 'contact', field: 'email' }, kind: 'text', operator: 'isKnown' },
                next: 'ask'
              },
              {
                id: 'phone',
                name: text(`${id}.byPhone`),
                filters: { subject: { of: 'contact', field: 'phone' }, kind: 'text', operator: 'isKnown' },
                next: 'text'
              }
            ],
            null
          ),
          sendSms('text', 'text', null),
          sendEmail('ask', 'ask', 'answer', { type: 'transactional' }),
          waitFor('answer', 'email.link_clicked', '3 days', { yes: 'which', no: null }),
          split(
            'which',
            ANSWERS.map((answer) => ({
              id: answer,
              name: text(`${id}.options.${answer}`),
              filters: clicked(answer),
              next: answer
            })),
            null
          ),
          ...ANSWERS.map((answer) =>
            assign(
              answer,
              { attributeId: 'CALL_OPINION', value: { from: 'fixed', value: answer } },
              answer === 'poor' ? 'back' : null
            )
          ),
          createTask('back', text(`${id}.task`), inDays(1), null)
        ]
      },
      mentions: [
        { table: 'senders', id: SENDER, name: '' },
        { table: 'smsSenders', id: SMS_SENDER, name: '' }
      ],
      attributes: [
        {
          id: 'CALL_OPINION',
          name: text(`${id}.attribute`),
          kind: 'choice',
          options: ANSWERS.map((answer) => ({ id: answer, name: text(`${id}.options.${answer}`) }))
        }
      ],
      taskTypes: [{ id: 'taskType', name: text(`${id}.taskType`) }],
      templates: [
        emailOf(text, id, 'ask', {
          more: ANSWERS.map((answer): EmailBlock => ({
            id: answer,
            type: 'button',
            text: text(`${id}.emails.ask.${answer}`),
            url: `${site}?call=${answer}`
          }))
        })
      ],
      smsTemplates: [{ id: 'text', name: text(`${id}.smsName`), text: text(`${id}.sms`) }]
    })
};
