import { defineSource, type IncomingFact } from '$lib/core/sources';
import { MAILBOX_REACTIONS } from '$lib/core/reactions';
import { ok } from '$lib/core/result';
import type { OutboundRequest, OutboxRow, Reaction } from '$lib/core/rows/messages';

/** What readers do in the Sandbox's mailbox, as a provider would report it. */
export default defineSource({
  id: 'sandbox.mailbox',
  provider: 'sandbox',
  delivers: Object.values(MAILBOX_REACTIONS).flatMap((kinds) => Object.values(kinds)),
  // It lies in the database: reading it costs nothing.
  every: 0,
  documentation: '',
  read: async ({ cursor, now, mailbox }) => {
    const found = await mailbox.reactionsAfter(cursor);
    return ok({
      facts: found.flatMap(({ reaction, message }) => factOf(reaction, message)),
      cursor: found.at(-1)?.reaction.id ?? cursor,
      watermark: now,
      more: false
    });
  }
});

function factOf(reaction: Reaction, { request, messageId }: OutboxRow): IncomingFact[] {
  const type = MAILBOX_REACTIONS[request.channel][reaction.kind];
  if (type === undefined || messageId === undefined) return [];
  return [
    {
      type,
      occurredAt: reaction.at,
      properties: propertiesOf(reaction, request, messageId),
      dedupeKey: `sandbox:${reaction.id}`,
      person: { messageId }
    }
  ];
}

/** Of push notifications it is the device that reports, as their providers do: it knows the campaign, not our message. */
function propertiesOf(
  { kind, url = '' }: Reaction,
  request: OutboundRequest,
  messageId: string
): Readonly<Record<string, unknown>> {
  switch (request.channel) {
    case 'email': {
      const more: Record<Reaction['kind'], Record<string, unknown>> = {
        opened: { machineOpen: false },
        clicked: { url },
        unsubscribed: { listId: '' },
        bounced: { hard: true, reason: '' }
      };
      const { emailName, tag = '', kind: emailType } = request;
      return { messageId, emailName, tag, emailType, ...more[kind] };
    }
    case 'sms':
      return {
        messageId,
        smsName: request.smsName,
        tag: request.tag ?? '',
        ...(kind === 'bounced' ? { reason: '' } : {})
      };
    case 'push':
      return kind === 'clicked'
        ? { attribution: 'notification', campaignId: request.campaignId ?? '', notificationId: messageId }
        : { subType: 'soft', platform: request.platforms[0] ?? 'web', subscriptionId: request.to[0] ?? '' };
    default:
      return {};
  }
}
