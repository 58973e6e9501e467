import * as v from 'valibot';
import { emailUnsubscribed } from '$lib/core/events/emails';
import { formSubmitted } from '$lib/core/events/forms';
import type { InboxItem } from '$lib/core/inbox';
import { pagePost, type PagePost } from '$lib/core/pages';
import { failed, ok, type Result } from '$lib/core/result';
import type { IncomingFact, PageDeed } from '$lib/core/sources';
import { words } from '$lib/core/words';
import { unlike } from '../mappers/payload';

/** Event types that pages yield. */
export const PAGES_DELIVER: readonly string[] = [emailUnsubscribed.type, formSubmitted.type];

/** What a page tells: facts, or what is more than that. */
export interface ToldByPage {
  readonly facts: readonly IncomingFact[];
  readonly handedIn: PageDeed | null;
}

type Posted = Pick<InboxItem, 'body' | 'receivedAt'>;

/** What was done on a page of the relay: `PagePost` as JSON, at `receivedAt` in epoch ms. What is none is failed with the reason. */
export function toldByPage({ body, receivedAt }: Posted): Result<ToldByPage> {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return failed(words('words.inbox.no_json'));
  }
  const post = v.safeParse(pagePost, value);
  if (!post.success) return failed(unlike(post.issues[0]));
  const told = post.output;
  return ok(
    told.page === 'unsubscribe'
      ? { facts: [unsubscribed(told, receivedAt)], handedIn: null }
      : { facts: [], handedIn: told }
  );
}

/** The relay keeps a link that is used again at once only once; later it is another, since its reader may have signed up in between. */
function unsubscribed(
  { contactId, outboxId }: Extract<PagePost, { page: 'unsubscribe' }>,
  receivedAt: number
): IncomingFact {
  return {
    type: emailUnsubscribed.type,
    occurredAt: receivedAt,
    properties: { messageId: '', emailName: '', tag: '', emailType: '', listId: '' },
    dedupeKey: `pages:unsubscribe:${contactId}:${outboxId}:${receivedAt}`,
    person: { contactId, outboxId }
  };
}
