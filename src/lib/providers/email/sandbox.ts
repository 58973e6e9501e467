import { defineProvider } from '$lib/core/definitions';
import { ok } from '$lib/core/result';
import { words } from '$lib/core/words';

/** The embedded default: messages stay in the app, in a mailbox that shows each as its reader would see it. */
export default defineProvider({
  id: 'sandbox',
  channel: 'email',
  name: 'Sandbox',
  fields: {},
  // The message is the outbox row itself: the same key is the same message for ever.
  idempotencyWindow: Number.POSITIVE_INFINITY,
  concurrency: 50,
  keepsContent: true,
  documentation: '',
  send: ({ key }) => Promise.resolve({ status: 'accepted', messageId: sandboxMessageId(key) }),
  test: () => Promise.resolve(ok(words('words.provider.sandbox_works')))
});

function sandboxMessageId(key: string): string {
  return `<${encodeURIComponent(key)}@sandbox.ricochet>`;
}
