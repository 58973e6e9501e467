import type { GenericMapping } from '$lib/core/generic-mapping';
import type { InboxItem } from '$lib/core/inbox';
import { failed, ok, type Result } from '$lib/core/result';
import type { HandedIn, IncomingFact, Strange } from '$lib/core/sources';
import { words } from '$lib/core/words';
import { mappers } from '../mappers/registry';
import { PAGES_DELIVER, toldByPage, type ToldByPage } from '../pages/told';

/** Event types that an inbox may yield. */
export const INBOX_DELIVERS: readonly string[] = [
  ...new Set([...mappers.values()].flatMap(({ delivers }) => delivers).concat(PAGES_DELIVER))
];

/** What an item of an inbox means; failed with the reason where nobody knows. */
export function toldOf(
  item: Pick<InboxItem, 'kind' | 'body' | 'contentType' | 'receivedAt'>,
  mapping?: GenericMapping
): Result<ToldByPage> {
  if (item.kind === 'pages') return toldByPage(item);
  const mapper = mappers.get(item.kind);
  if (!mapper) return failed(words('words.inbox.no_mapper', { kind: item.kind }));
  const facts = mapper.facts(item, mapping);
  return facts.ok ? ok({ facts: facts.value, handedIn: null }) : facts;
}

/** A post as an inbox keeps it. `id`: the same whenever it is read, and beginning with who posted it and a hyphen. */
export type Post = HandedIn['post'];

/** What posts tell: facts, forms that were filled in, and what is kept apart since nobody knows what it means. */
export interface Told {
  readonly facts: readonly IncomingFact[];
  readonly strange: readonly Strange[];
  readonly handedIn: readonly HandedIn[];
}

/** `mappingOf`: the user's own, of who posted. */
export function toldBy(posts: readonly Post[], mappingOf: (post: Post) => GenericMapping | undefined): Told {
  const facts: IncomingFact[] = [];
  const strange: Strange[] = [];
  const handedIn: HandedIn[] = [];
  for (const post of posts) {
    const found = toldOf(post, mappingOf(post));
    if (!found.ok) strange.push({ ...post, reason: found.reason });
    else {
      facts.push(...found.value.facts);
      if (found.value.handedIn) handedIn.push({ ...found.value.handedIn, post });
    }
  }
  return { facts, strange, handedIn };
}
