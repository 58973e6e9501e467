import { applyChange, type Change, type ChangeOf } from '$lib/core/changes';
import type { Key, TableName, Tables } from '$lib/core/tables';
import { keyText } from './indexes';
import { Conflict } from './port';

export type Row = Tables[TableName];

/** What one table takes in one go. They are carried out in this order: a deleted row frees what was unique to it. */
export interface Writes {
  readonly deletes: Key[];
  readonly puts: Row[];
  /** Rows that must not be there yet. */
  readonly adds: Row[];
}

/** The rows that a transaction knows, by the text of their key; undefined: known to be absent. */
export type KnownRows = Map<string, Row | undefined>;

/** From so many on, rows that are only created are not kept: reading one again is cheaper than remembering all. */
const MANY = 100;

/**
 * The tables of which these changes create many rows and do nothing else, with these rows; null where there are other changes. The
 * database says whether they were there. `knows`: whether the transaction has read rows of the table.
 */
export function onlyCreated(
  changes: readonly Change[],
  knows: (table: TableName) => boolean
): { created: Map<TableName, Row[]>; others: readonly Change[] } {
  const created = new Map<TableName, Row[]>();
  if (changes.length < MANY) return { created, others: changes };
  const mixed = new Set<TableName>();
  for (const { table, create } of changes) {
    if (mixed.has(table)) continue;
    const rows = created.get(table);
    if (create === undefined || knows(table)) {
      mixed.add(table);
      created.delete(table);
    } else if (rows === undefined) created.set(table, [create]);
    else rows.push(create);
  }
  for (const [table, rows] of created) if (rows.length < MANY) created.delete(table);
  return { created, others: changes.filter(({ table }) => !created.has(table)) };
}

export interface RowChanges {
  readonly id: Key;
  readonly changes: Change[];
}

/** The changes of each row in their order, by table and by the text of the row's key. */
export function byRow(changes: readonly Change[]): Map<TableName, Map<string, RowChanges>> {
  const tables = new Map<TableName, Map<string, RowChanges>>();
  for (const change of changes) {
    let rows = tables.get(change.table);
    if (rows === undefined) tables.set(change.table, (rows = new Map<string, RowChanges>()));
    const text = keyText(change.id);
    const row = rows.get(text);
    if (row === undefined) rows.set(text, { id: change.id, changes: [change] });
    else row.changes.push(change);
  }
  return tables;
}

/**
 * Rows that must be read before the changes can be carried out. A row that is only created or only deleted need not be: the
 * database itself says whether it was there.
 */
export function rowsToRead(rows: ReadonlyMap<string, RowChanges>, known: KnownRows): Key[] {
  const ids: Key[] = [];
  for (const [text, { id, changes }] of rows) {
    if (known.has(text) || changes[0]?.delete) continue;
    if (changes[0]?.create === undefined || changes.some((change) => change.delete)) ids.push(id);
  }
  return ids;
}

/** Merges the changes into the rows as they are known, which it brings up to date. Throws `Conflict`. */
export function toWrites(table: TableName, rows: ReadonlyMap<string, RowChanges>, known: KnownRows): Writes {
  const writes: Writes = { deletes: [], puts: [], adds: [] };
  for (const [text, { id, changes }] of rows) {
    const before = known.get(text);
    let row = before;
    for (const change of changes) {
      if (change.create !== undefined && row !== undefined) throw new Conflict(table, id);
      row = applyChange(row, change as ChangeOf<TableName>);
    }
    const mayBeThere = before !== undefined || (!known.has(text) && changes[0]?.delete === true);
    known.set(text, row);
    if (row === undefined) {
      if (mayBeThere) writes.deletes.push(id);
    } else if (!mayBeThere) writes.adds.push(row);
    else if (row !== before) writes.puts.push(row);
  }
  return writes;
}
