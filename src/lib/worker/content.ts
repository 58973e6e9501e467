import type { Channel, OutboxRow } from '$lib/core/rows/messages';

/** What of each request is content: the rest says what was sent, to whom. */
const CONTENT: Readonly<Record<Channel, readonly string[]>> = {
  email: ['html', 'text'],
  sms: ['text'],
  push: ['title', 'body', 'url', 'imageUrl'],
  wallet: ['text'],
  webhook: ['body']
};

/** Content leaves the row when it is of no more use. */
export function withoutContent({ request }: OutboxRow): Record<string, unknown> {
  return Object.fromEntries(CONTENT[request.channel].map((property) => [`request.${property}`, undefined]));
}
