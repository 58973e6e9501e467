import { defineSource, type IncomingFact } from '$lib/core/definitions';
import { emailBounced, emailLinkClicked, emailOpened, emailUnsubscribed } from '$lib/core/events/emails';
import { ok } from '$lib/core/result';
import type { OutboxRow, Reaction } from '$lib/core/rows/messages';

const EVENTS = {
  opened: emailOpened.type,
  clicked: emailLinkClicked.type,
  unsubscribed: emailUnsubscribed.type,
  bounced: emailBounced.type
} as const satisfies Record<Reaction['kind'], string>;

/** What readers do in the Sandbox's mailbox, as a provider would report it. */
export default defineSource({
  id: 'sandbox.mailbox',
  provider: 'sandbox',
  delivers: Object.values(EVENTS),
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
  if (request.channel !== 'email' || messageId === undefined) return [];
  const message = { messageId, emailName: request.emailName, tag: request.tag ?? '', emailType: request.kind };
  const more: Record<Reaction['kind'], Record<string, unknown>> = {
    opened: { machineOpen: false },
    clicked: { url: reaction.url ?? '' },
    unsubscribed: { listId: '' },
    bounced: { hard: true, reason: '' }
  };
  return [
    {
      type: EVENTS[reaction.kind],
      occurredAt: reaction.at,
      properties: { ...message, ...more[reaction.kind] },
      dedupeKey: `sandbox:${reaction.id}`,
      person: { messageId }
    }
  ];
}
