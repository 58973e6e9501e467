import type { Change } from '$lib/core/changes';
import type { SyncRow } from '$lib/core/rows/sync';
import type { Key, TableName, Tables } from '$lib/core/tables';
import type { Transaction } from '$lib/storage/port';
import type { Entry } from './batches';
import { placeOf, stateOfEntry } from './entries';
import { ASKING } from './grains';
import { keep } from './folding';
import { merged, NOTHING, rowOf, type RowState } from './row-state';
import { BASE, isFact, keptOf, stateOf, withLeaves } from './standing';

/** A row that others have told of: as it was here, as it is now. */
export interface Received {
  readonly table: TableName;
  readonly key: Key;
  readonly before: Tables[TableName] | undefined;
  readonly after: Tables[TableName] | undefined;
}

/**
 * What entries make of the rows that are here, as changes of the rows and of what is kept beside them; neither is written yet. The log
 * must be folded: what is in it is not known to be newer.
 */
export async function receive(
  transaction: Transaction,
  entries: readonly Entry[]
): Promise<{ received: Received[]; rows: Change[]; beside: Change[] }> {
  const received: Received[] = [];
  const rows: Change[] = [];
  const beside: Change[] = [];
  const tables = new Map<TableName, { entry: Entry; key: Key }[]>();
  for (const entry of entries) {
    const place = placeOf(entry);
    if (place === undefined) continue;
    const some = tables.get(place.table);
    if (some === undefined) tables.set(place.table, [{ entry, key: place.key }]);
    else some.push({ entry, key: place.key });
  }
  for (const [table, some] of tables) {
    const keys = some.map(({ key }) => key);
    const present = await transaction.getMany(table, keys);
    const kept = await transaction.getMany(
      'syncRows',
      some.map(({ entry }) => [table, entry.key])
    );
    for (const [index, { entry, key }] of some.entries()) {
      const before = present[index];
      const one = receivedRow(table, entry, before, kept[index]);
      if (one.kept !== undefined) beside.push(keep(kept[index], one.kept));
      const change = changeOfRow(table, key, before, one.after);
      if (change === null) continue;
      rows.push(change);
      received.push({ table, key, before, after: one.after });
    }
  }
  return { received, rows, beside };
}

/** `kept` undefined: it stays as it was. */
function receivedRow<T extends TableName>(
  table: T,
  entry: Entry,
  row: Tables[T] | undefined,
  kept: SyncRow | undefined
): { after: Tables[T] | undefined; kept: SyncRow | undefined } {
  if (isNews(entry, row, kept) && !ASKING.has(table)) {
    const { key, made, gone, stamps = {} } = entry;
    const isPlain = made === BASE && Object.keys(stamps).length === 0;
    const kept = withLeaves({ table, key, made: made ?? undefined, gone: gone ?? undefined }, stamps);
    return { after: entry.row as Tables[T], kept: isPlain || isFact(table, kept) ? undefined : kept };
  }
  const known = row === undefined && kept === undefined ? NOTHING : stateOf(table, kept, row);
  const state = merged(table, known, stateOfEntry(table, entry));
  if (isSame(known, state)) return { after: row, kept: undefined };
  const { sent, unsent } = kept ?? {};
  const mark = unsent === undefined ? {} : { sent, unsent };
  const anew = keptOf(table, entry.key, state, mark);
  return { after: rowOf<T>(state), kept: kept === undefined && isFact(table, anew) ? undefined : anew };
}

/** Nothing is known of the row yet, and all of it is told. */
function isNews(entry: Entry, row: object | undefined, kept: SyncRow | undefined): boolean {
  return row === undefined && kept === undefined && entry.row !== undefined && entry.gone === null;
}

function isSame(one: RowState, other: RowState): boolean {
  if (one.made !== other.made || one.gone !== other.gone) return false;
  const names = Object.keys(one.leaves);
  if (names.length !== Object.keys(other.leaves).length) return false;
  return names.every((name) => JSON.stringify(one.leaves[name]) === JSON.stringify(other.leaves[name]));
}

/** From one row to the other, property by property; null where they are the same. */
export function changeOfRow(
  table: TableName,
  id: Key,
  before: object | undefined,
  after: object | undefined
): Change | null {
  if (after === undefined) return before === undefined ? null : ({ table, id, delete: true } as Change);
  if (before === undefined) return { table, id, create: after } as Change;
  const was = new Map(Object.entries(before));
  const is = new Map(Object.entries(after));
  const set: Record<string, unknown> = {};
  for (const [name, value] of is) if (JSON.stringify(was.get(name)) !== JSON.stringify(value)) set[name] = value;
  for (const name of was.keys()) if (!is.has(name)) set[name] = undefined;
  return Object.keys(set).length === 0 ? null : ({ table, id, set } as Change);
}
