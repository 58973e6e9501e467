import type { Id } from '$lib/core/ids';
import type { PersonalRows } from '$lib/records/contacts/erase';
import type { Reader } from '$lib/storage/port';

export interface Personal {
  readonly rows: PersonalRows;
  readonly reactionIds: readonly Id[];
}

/** All that the workspace holds of these contacts: what `eraseContact` asks for. */
export async function personalRows(reader: Reader, contactIds: readonly Id[]): Promise<(contactId: Id) => Personal> {
  const index = { index: 'contactId', anyOf: contactIds } as const;
  const [identities, enrolments, journal, outbox] = await Promise.all([
    reader.query('identities', index),
    reader.query('enrolments', index),
    reader.query('journal', index),
    reader.query('outbox', index)
  ]);
  const events = await Promise.all(
    contactIds.map((id) =>
      reader.query('events', { index: '[contactId+occurredAt]', from: [id, -Infinity], to: [id, Infinity] })
    )
  );
  const reactions = await reader.query('reactions', { index: 'outboxId', anyOf: outbox.map(({ id }) => id) });
  const messageOwners = new Map(outbox.map(({ id, contactId }) => [id, contactId]));
  const of = {
    identities: byContact(identities),
    enrolments: byContact(enrolments),
    journal: byContact(journal),
    outbox: byContact(outbox)
  };
  const eventsOf = new Map(contactIds.map((id, at) => [id, events[at] ?? []]));
  const reactionsOf = byContact(
    reactions.map(({ id, outboxId }) => ({ id, contactId: messageOwners.get(outboxId) ?? '' }))
  );
  return (contactId) => ({
    rows: {
      identities: of.identities.get(contactId) ?? [],
      events: eventsOf.get(contactId) ?? [],
      enrolments: of.enrolments.get(contactId) ?? [],
      journal: of.journal.get(contactId) ?? [],
      outbox: of.outbox.get(contactId) ?? []
    },
    reactionIds: (reactionsOf.get(contactId) ?? []).map(({ id }) => id)
  });
}

function byContact<T extends { contactId: Id }>(rows: readonly T[]): Map<Id, T[]> {
  const groups = new Map<Id, T[]>();
  for (const row of rows) {
    const group = groups.get(row.contactId);
    if (group === undefined) groups.set(row.contactId, [row]);
    else group.push(row);
  }
  return groups;
}
