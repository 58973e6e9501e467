import { defineProvider, type ProviderDefinition } from '$lib/core/providers';
import { ok } from '$lib/core/result';
import type { Channel } from '$lib/core/rows/messages';
import { words } from '$lib/core/words';

/** The embedded default of a channel: messages stay in the app, in a mailbox that shows each as its reader would see it. */
export function sandboxOf(id: string, channel: Channel): ProviderDefinition {
  return defineProvider({
    id,
    channel,
    name: 'Sandbox',
    fields: {},
    // The message is the outbox row itself: the same key is the same message for ever.
    idempotencyWindow: Number.POSITIVE_INFINITY,
    concurrency: 50,
    keepsContent: true,
    documentation: '',
    send: ({ key }) => Promise.resolve({ status: 'accepted', messageId: messageIdOf(key) }),
    lookUp: ({ key }) => Promise.resolve({ messageIds: [messageIdOf(key)] }),
    test: () => Promise.resolve(ok(words('words.provider.sandbox_works')))
  });
}

function messageIdOf(key: string): string {
  return `<${encodeURIComponent(key)}@sandbox.ricochet>`;
}
