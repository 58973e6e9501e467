import type { Change } from '$lib/core/changes';
import type { SyncStanding } from '$lib/core/rows/events';
import type { SyncRow } from '$lib/core/rows/sync';
import { keyOf, TABLE_NAMES, type Key, type TableName } from '$lib/core/tables';
import type { Reader, Transaction } from '$lib/storage/port';
import { MOST_ENTRIES, MOST_TEXT, type Entry } from './batches';
import type { Stamp } from './clock';
import { ASKING } from './grains';
import { keyFrom, keyName } from './keys';
import { leavesOf } from './leaves';
import { BASE, joiningStamp } from './standing';
import { isDerivedKey, isSent } from './synced';

/** How far what was there before has been gone through; null: all of it. */
export type Position = SyncStanding['baseline'];

const SENT_TABLES = TABLE_NAMES.filter(isSent);

/** The beginning of it. */
export const FIRST_POSITION: Position = { table: SENT_TABLES[0] ?? '', after: null };

interface Part {
  readonly table: TableName;
  readonly rows: readonly { readonly key: string; readonly row: object; readonly kept: SyncRow | undefined }[];
  readonly next: Position;
}

/** Rows from a position on, of one table; they may be none, with a next position all the same. */
async function partAt(reader: Reader, { table: name, after }: NonNullable<Position>): Promise<Part | null> {
  const table = SENT_TABLES.find((one) => one === name);
  if (table === undefined) return null;
  const from = after === null ? {} : { from: keyFrom(table, after) };
  const found = await reader.query(table, { ...from, limit: MOST_ENTRIES + 1 });
  const beyond = found.map((row) => ({ row, id: keyOf(table, row) })).filter(({ id }) => keyName(id) !== after);
  const rows = beyond.slice(0, MOST_ENTRIES);
  const kept = await reader.getMany(
    'syncRows',
    rows.map(({ id }) => [table, keyName(id)])
  );
  const following = SENT_TABLES[SENT_TABLES.indexOf(table) + 1];
  const last = rows.at(-1);
  const isLast = found.length <= MOST_ENTRIES;
  const next =
    !isLast && last !== undefined
      ? { table, after: keyName(last.id) }
      : following === undefined
        ? null
        : { table: following, after: null };
  const named = rows.map(({ row, id }, index) => ({ key: keyName(id), row, kept: kept[index], id }));
  return { table, rows: named.filter(({ id }) => !isDerivedKey(table, id)), next };
}

/**
 * What is there from a position on as one batch: rows of which nothing is kept, and so nothing told. What was written since the device
 * began to sync has its own stamps, and is told with these.
 */
export async function baselinePart(
  reader: Reader,
  position: NonNullable<Position>
): Promise<{ entries: Entry[]; next: Position }> {
  const entries: Entry[] = [];
  let size = 0;
  let at: Position = position;
  while (at !== null) {
    const part: Part | null = await partAt(reader, at);
    if (part === null) return { entries, next: null };
    for (const { key, row, kept } of part.rows) {
      if (size >= MOST_TEXT || entries.length >= MOST_ENTRIES) return { entries, next: at };
      if ((kept === undefined || kept.made === BASE) && !ASKING.has(part.table)) {
        const entry = { table: part.table, key, made: BASE, gone: null, row: { ...row } };
        entries.push(entry);
        size += JSON.stringify(entry).length;
      }
      at = { table: part.table, after: key };
    }
    at = part.next;
  }
  return { entries, next: null };
}

/** Marks rows that a device had before it joined others: they are told to these, and what these have of the same comes before. */
export async function markJoining(
  transaction: Transaction,
  position: NonNullable<Position>,
  device: string
): Promise<Position> {
  const part = await partAt(transaction, position);
  if (part === null) return null;
  await transaction.apply(
    part.rows.flatMap(({ key, row, kept }) =>
      kept === undefined ? [marked(part.table, key, row, joiningStamp(device))] : []
    )
  );
  return part.next;
}

/** Rows of the tables that ask, where the values of both sides are kept, from the first moment on. */
export async function markAsking(transaction: Transaction): Promise<void> {
  for (const table of ASKING) {
    const rows = await transaction.query(table, {});
    await transaction.apply(rows.map((row) => marked(table, keyName(keyOf(table, row)), row, BASE)));
  }
}

/** What is kept beside a row that others are still to be told of, and that was made at this stamp. */
export function marked(table: TableName, key: string, row: object, made: Stamp): Change {
  const plain: SyncRow = { table, key, made, unsent: 1 };
  const id: Key = [table, key];
  if (!ASKING.has(table)) return { table: 'syncRows', id, create: plain };
  const writings = Object.fromEntries(
    [...leavesOf(table, row)].map(([pointer, leaf]) => [pointer, [{ stamp: made, leaf, over: null }]])
  );
  return { table: 'syncRows', id, create: { ...plain, writings } };
}
