import { reference } from '../fields';
import { defineEvent } from './define';

/** A step of another automation lets the contact in. The properties of the event that had let it in there lie beside these. */
export const automationStarted = defineEvent('automation.started', {
  automationId: reference('automations', { required: true }),
  fromAutomationId: reference('automations')
});
