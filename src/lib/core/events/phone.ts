import { choice, number, text } from '../fields';
import { defineEvent } from './define';

/** `duration`: in seconds. */
export const callEnded = defineEvent('call.ended', {
  callId: text({ required: true }),
  line: text(),
  type: choice(['inbound', 'outbound', 'missed', 'voicemail'], 'inbound'),
  duration: number({ min: 0 })
});
