import type { Id } from '$lib/core/ids';
import type { Instant } from '$lib/core/instants';
import { CONTACT_TABLES, keyOf, type Key, type TableName, type Tables } from '$lib/core/tables';
import type { FileTable } from '$lib/core/workspace-file';
import type { Reader } from '$lib/storage/port';
import { keyName } from '$lib/sync/keys';
import { isTaken, taken, type Beside } from './taking';

/** What a merge makes of a row of a file. `before`: as it is here; `after`: as it will be, null where it stays as it is. */
export interface Decision<T extends FileTable = FileTable> {
  readonly key: Key;
  readonly theirs: Tables[T];
  readonly before: Tables[T] | undefined;
  readonly after: Tables[T] | null;
}

/** What becomes of rows of one table. What is of people who were erased here, or is there under another id, is left out. */
export async function decided<T extends FileTable>(
  reader: Reader,
  table: T,
  rows: readonly Tables[T][],
  now: Instant
): Promise<Decision<T>[]> {
  const named = new Map<string, { key: Key; row: Tables[T] }>();
  for (const row of rows) {
    const key = keyOf(table, row);
    // A file that has a row twice is not ours: the first one counts.
    if (isTaken(table, key) && !named.has(keyName(key))) named.set(keyName(key), { key, row });
  }
  const all = [...named.values()];
  const [present, isLeftOut, beside] = await Promise.all([
    reader.getMany(
      table,
      all.map(({ key }) => key)
    ),
    leftOut(reader, table, rows),
    besideOf(reader, table, rows, now)
  ]);
  return all.map(({ key, row }, index) => {
    const before = present[index];
    const after = before === undefined && isLeftOut(row) ? null : taken(table, before, row, beside);
    return { key, theirs: row, before, after };
  });
}

const OF_CONTACTS: ReadonlySet<TableName> = new Set(CONTACT_TABLES);

async function leftOut<T extends FileTable>(
  reader: Reader,
  table: T,
  rows: readonly Tables[T][]
): Promise<(row: Tables[T]) => boolean> {
  const personOf = (row: Tables[T]): Id =>
    (table === 'contacts'
      ? (row as Tables['contacts']).id
      : OF_CONTACTS.has(table)
        ? (row as { contactId?: Id | null }).contactId
        : undefined) ?? '';
  const people = [...new Set(rows.map(personOf))].filter((id) => id !== '');
  const erased = new Set((await reader.getMany('tombstones', people)).flatMap((one) => one?.id ?? []));
  const known = table === 'events' ? await knownFacts(reader, rows as readonly Tables['events'][]) : NONE;
  return (row) => erased.has(personOf(row)) || known.has((row as Tables['events']).id);
}

const NONE: ReadonlySet<Id> = new Set();

/** Ids of those that are here, or earlier among these, under another id: whoever has read one source has one fact twice. */
async function knownFacts(reader: Reader, events: readonly Tables['events'][]): Promise<ReadonlySet<Id>> {
  const keys = events.flatMap(({ dedupeKey }) => dedupeKey ?? []);
  const seen = new Map<string, Id>();
  for (const { id, dedupeKey = '' } of await reader.query('events', { index: 'dedupeKey', anyOf: keys }))
    seen.set(dedupeKey, id);
  const known = new Set<Id>();
  for (const { id, dedupeKey } of events) {
    if (dedupeKey === undefined) continue;
    const other = seen.get(dedupeKey);
    if (other === undefined) seen.set(dedupeKey, id);
    else if (other !== id) known.add(id);
  }
  return known;
}

async function besideOf<T extends FileTable>(
  reader: Reader,
  table: T,
  rows: readonly Tables[T][],
  now: Instant
): Promise<Beside> {
  const ids =
    table === 'outbox' || table === 'journal'
      ? [...new Set((rows as readonly { enrolmentId: Id }[]).map(({ enrolmentId }) => enrolmentId))]
      : [];
  const enrolments = new Map(
    (await reader.getMany('enrolments', ids)).flatMap((one) => (one ? [[one.id, one] as const] : []))
  );
  const { automations } = await reader.view();
  return {
    now,
    enrolment: (id) => enrolments.get(id),
    isRunning: (automationId) => automations.get(automationId)?.status === 'active'
  };
}
