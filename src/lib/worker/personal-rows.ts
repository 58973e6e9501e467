import type { Id } from '$lib/core/ids';
import type { Deal } from '$lib/core/rows/crm';
import { CONTACT_TABLES } from '$lib/core/tables';
import type { PersonalRows } from '$lib/records/contacts/erase';
import type { Reader } from '$lib/storage/port';

export interface Personal {
  readonly rows: PersonalRows;
  readonly reactionIds: readonly Id[];
  readonly deals: readonly Deal[];
}

/** Found by ranges of a compound index; all other personal rows by the index on their contact. */
const BY_RANGE = { events: '[contactId+occurredAt]', rollups: undefined } as const;
type ByRange = keyof typeof BY_RANGE;
type ByContact = Exclude<(typeof CONTACT_TABLES)[number], ByRange>;

const isByContact = (table: (typeof CONTACT_TABLES)[number]): table is ByContact => !(table in BY_RANGE);

/** All that the workspace holds of these contacts: what `eraseContact` asks for. */
export async function personalRows(reader: Reader, contactIds: readonly Id[]): Promise<(contactId: Id) => Personal> {
  const [byContact, events, rollups, deals] = await Promise.all([
    Promise.all(
      CONTACT_TABLES.filter(isByContact).map(async (table) => {
        const rows = await reader.query(table, { index: 'contactId', anyOf: contactIds });
        return [table, groupedBy<{ contactId?: Id | undefined }>(rows, ({ contactId }) => contactId ?? '')] as const;
      })
    ),
    Promise.all(contactIds.map((id) => reader.query('events', { index: BY_RANGE.events, ...rangeOf(id, Infinity) }))),
    Promise.all(contactIds.map((id) => reader.query('rollups', rangeOf(id, '\uffff')))),
    reader.query('deals', { index: 'contactIds', anyOf: contactIds })
  ]);
  const at = new Map(contactIds.map((id, index) => [id, index]));
  const rowsOf = (contactId: Id): PersonalRows => {
    const index = at.get(contactId) ?? -1;
    const found = byContact.map(([table, groups]) => [table, groups.get(contactId) ?? []] as const);
    return {
      ...Object.fromEntries(found),
      events: events[index] ?? [],
      rollups: rollups[index] ?? []
    } as unknown as PersonalRows;
  };
  const outbox = contactIds.flatMap((id) => rowsOf(id).outbox);
  const owners = new Map(outbox.map(({ id, contactId }) => [id, contactId]));
  const reactions = groupedBy(
    await reader.query('reactions', { index: 'outboxId', anyOf: [...owners.keys()] }),
    ({ outboxId }) => owners.get(outboxId) ?? ''
  );
  return (contactId) => ({
    rows: rowsOf(contactId),
    reactionIds: (reactions.get(contactId) ?? []).map(({ id }) => id),
    deals: deals.filter(({ contactIds: of }) => of.includes(contactId))
  });
}

function rangeOf(contactId: Id, last: number | string): { from: [Id, number | string]; to: [Id, number | string] } {
  return { from: [contactId, typeof last === 'number' ? -last : ''], to: [contactId, last] };
}

function groupedBy<T>(rows: readonly T[], keyOf: (row: T) => Id): Map<Id, T[]> {
  const groups = new Map<Id, T[]>();
  for (const row of rows) {
    const group = groups.get(keyOf(row));
    if (group === undefined) groups.set(keyOf(row), [row]);
    else group.push(row);
  }
  return groups;
}
