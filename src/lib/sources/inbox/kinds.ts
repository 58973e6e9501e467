import { choice, type Field } from '$lib/core/fields';
import { INBOX_KINDS, type InboxKind } from '$lib/core/inbox';
import { mappers } from '../mappers/registry';

/** Visitors of a site may not post where whoever may write may read as well. */
const KINDS = INBOX_KINDS.filter((kind) => kind !== 'tracker' && mappers.has(kind));

/** Who posts to an inbox of the user's own, where a post does not say it. */
export function postedBy(): Field<InboxKind> {
  const brands = Object.fromEntries([...mappers.values()].map(({ kind, name }) => [kind, name]));
  return choice<InboxKind>(['generic', ...KINDS.filter((kind) => kind !== 'generic')], 'generic', brands);
}

/** What a post says of who posts it; null where it says nothing that is known. */
export function kindIn(value: unknown): InboxKind | null {
  return KINDS.find((kind) => kind === value) ?? null;
}
