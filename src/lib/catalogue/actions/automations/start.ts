import { defineAction } from '$lib/core/definitions';
import { automationStarted } from '$lib/core/events/automations';
import { reference } from '$lib/core/fields';
import { ok } from '$lib/core/result';
import { words } from '$lib/core/words';
import { causedEvent } from '$lib/records/contacts/cause';
import { nameOf } from '../../names';

export default defineAction({
  id: 'automation.start',
  group: 'automations',
  icon: 'play',
  version: 1,
  fields: { automationId: reference('automations', { required: true }) },
  sentence: ({ fields, view }) => {
    const automation = nameOf(view.automations, fields.automationId);
    return automation === null ? null : words('catalogue.automation.start.sentence', { automation });
  },
  check: ({ fields, automationId }) =>
    fields.automationId === automationId
      ? [{ field: 'automationId', words: words('words.problem.starts_itself') }]
      : [],
  apply: ({ fields, contact, event, enrolment, view, now, newId }) => {
    const automation = view.automations.get(fields.automationId ?? '');
    if (automation?.status !== 'active')
      return ok({ changes: [], events: [], words: words('words.step.automation_not_active') });
    const properties = {
      ...event.properties,
      automationId: automation.id,
      fromAutomationId: enrolment.automationId
    };
    return ok({
      changes: [],
      events: [causedEvent(automationStarted, contact.id, properties, { via: 'automation', now, newId })],
      words: words('words.step.automation_started', { automation: automation.name })
    });
  },
  examples: [
    { fields: { automationId: 'a7' }, branch: 'next', causes: ['automation.started'] },
    { fields: { automationId: 'a8' }, branch: 'next', causes: [] }
  ]
});
