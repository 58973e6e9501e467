import { choice, text } from '../fields';
import { defineEvent } from './define';

const conversation = {
  conversationId: text({ required: true }),
  source: choice(['email', 'chat'], 'email')
};

export const conversationStarted = defineEvent('conversation.started', conversation);
export const conversationEnded = defineEvent('conversation.ended', conversation);
export const conversationMessageReceived = defineEvent('conversation.message_received', {
  ...conversation,
  text: text({ long: true }),
  /** `from`: written by the contact; `to`: to the contact. */
  direction: choice(['from', 'to'], 'from')
});
