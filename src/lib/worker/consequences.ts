import type { Change } from '$lib/core/changes';
import type { Instant } from '$lib/core/instants';
import type { Contact } from '$lib/core/rows/contacts';
import type { EventRow } from '$lib/core/rows/events';
import { concernedBy, consequencesOf } from '$lib/records/contacts/consequences';
import { identityKey } from '$lib/records/contacts/identity';
import type { Reader } from '$lib/storage/port';

/** What these facts change about their contacts, to be applied along with them. `made`: contacts that are made along with them. */
export async function consequences(
  reader: Reader,
  events: readonly EventRow[],
  now: Instant,
  made: readonly Contact[] = []
): Promise<Change[]> {
  const { contactIds, subscriptionIds } = concernedBy(events);
  if (contactIds.length + subscriptionIds.length === 0) return [];
  const [contacts, subscriptions] = await Promise.all([
    reader.getMany('contacts', contactIds),
    reader.getMany(
      'identities',
      subscriptionIds.map((value) => identityKey({ kind: 'push', value }))
    )
  ]);
  const found = {
    contacts: [...made, ...contacts.flatMap((row) => row ?? [])],
    subscriptions: subscriptions.flatMap((row) => row ?? [])
  };
  return consequencesOf(events, found, now);
}
