import { emailBounced, emailLinkClicked, emailOpened, emailUnsubscribed } from './events/emails';
import { pushClicked, pushUnsubscribed } from './events/push';
import { smsDelivered, smsFailed, smsUnsubscribed } from './events/sms';
import type { Channel, Reaction } from './rows/messages';

/** What readers can do with a message of the mailbox, by its channel, and the type of the event that tells of it. */
export const MAILBOX_REACTIONS: Readonly<Record<Channel, Readonly<Partial<Record<Reaction['kind'], string>>>>> = {
  email: {
    opened: emailOpened.type,
    clicked: emailLinkClicked.type,
    unsubscribed: emailUnsubscribed.type,
    bounced: emailBounced.type
  },
  sms: { opened: smsDelivered.type, unsubscribed: smsUnsubscribed.type, bounced: smsFailed.type },
  push: { clicked: pushClicked.type, unsubscribed: pushUnsubscribed.type },
  wallet: {},
  webhook: {}
};
