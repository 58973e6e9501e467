import { defineTrigger } from '$lib/core/definitions';
import { emailOpened } from '$lib/core/events/emails';
import { eventFilters, yesNo } from '$lib/core/fields';
import { filteredSentence } from '../../filtered';

export default defineTrigger({
  id: 'email.opened',
  group: 'emails',
  icon: 'mail-open',
  version: 1,
  fields: {
    /** Opens by the reader's mail provider on their behalf, before anybody has looked. */
    excludeMachines: yesNo(true),
    filters: eventFilters({
      emailName: emailOpened.properties.emailName,
      tag: emailOpened.properties.tag,
      emailType: emailOpened.properties.emailType
    })
  },
  event: emailOpened,
  admits: ({ fields, properties }) => !(fields.excludeMachines && properties.machineOpen),
  sentence: ({ fields, view }) => filteredSentence(fields.filters, view, 'catalogue.email.opened.sentence'),
  examples: [
    { fields: {}, properties: { messageId: 'm1' }, enters: true },
    { fields: { excludeMachines: true }, properties: { messageId: 'm1', machineOpen: true }, enters: false },
    { fields: { excludeMachines: false }, properties: { messageId: 'm1', machineOpen: true }, enters: true },
    ...(['emailName', 'tag', 'emailType'] as const).flatMap((property) =>
      [true, false].map((enters) => ({
        fields: {
          filters: {
            subject: { of: 'event' as const, property },
            kind: 'text' as const,
            operator: 'is' as const,
            value: 'bienvenue'
          }
        },
        properties: { messageId: 'm1', [property]: enters ? 'Bienvenue' : 'Rappel' },
        enters
      }))
    )
  ]
});
