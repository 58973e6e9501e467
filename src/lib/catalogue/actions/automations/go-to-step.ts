import { defineAction } from '$lib/core/definitions';
import { step } from '$lib/core/fields';
import { words } from '$lib/core/words';

export default defineAction({
  id: 'automation.go_to_step',
  group: 'automations',
  icon: 'corner-up-left',
  version: 1,
  fields: { stepId: step() },
  sentence: ({ fields }) => (fields.stepId === null ? null : words('catalogue.automation.go_to_step.sentence')),
  leadsTo: (fields) => fields.stepId,
  examples: [{ fields: { stepId: 's9' }, branch: 's9' }]
});
