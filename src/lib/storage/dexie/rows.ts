import type { Key, TableName } from '$lib/core/tables';
import Dexie, { type Collection, type Table, type Transaction } from 'dexie';
import { compareKeys, indexOf, keyText } from '../indexes';
import type { Rows } from '../open-transaction';
import { Conflict, type Query } from '../port';
import type { Row, Writes } from '../writes';

type IndexedKey = string | number | (string | number)[];
type RowTable = Table<Row, IndexedKey>;
type Rowset = Collection<Row, IndexedKey>;

/**
 * The rows of one transaction. Its tables are bound to it: Dexie loses sight of the transaction that is under way after a hundred
 * awaits that did not ask the database, and would carry out what comes then in a transaction of its own.
 */
export function dexieRows(transaction: Transaction): Rows {
  const tableOf = (table: TableName): RowTable => transaction.table(table) as RowTable;
  return {
    getMany: (table, ids) => getRows(tableOf(table), table, ids),
    query: (table, query) => queryRows(tableOf(table), table, query),
    count: (table, query) => countRows(tableOf(table), table, query),
    write: (table, writes) => writeRows(tableOf(table), table, writes)
  };
}

/** From so many ids on, it is worth a look whether their rows lie side by side. */
const MANY = 64;
const PROBE = 16;

/**
 * Each row that is got costs a request of its own, a range of rows one for all. Rows that are made together (a file's contacts,
 * their journeys and messages) mostly lie side by side: where a look at the first ones says so, the range is read.
 */
async function getRows(rows: RowTable, table: TableName, ids: readonly Key[]): Promise<(Row | undefined)[]> {
  const [only] = ids;
  if (only === undefined) return [];
  if (ids.length === 1) return [await rows.get(toDexie(only))];
  if (ids.length < MANY) return rows.bulkGet(ids.map(toDexie));
  const wanted = new Map(ids.map((id) => [keyText(id), id]));
  const found = new Map<string, Row>();
  let ahead = [...wanted.values()].sort(compareKeys);
  // The first range is a look; the second holds as many rows that nobody asked for as others at most.
  for (let limit = PROBE; ahead.length > 0; limit = 2 * ahead.length) {
    const range = { from: ahead[0] as Key, to: ahead[ahead.length - 1] as Key, limit };
    const batch = await ordered(rows, table, range).toArray();
    const before = found.size;
    for (const row of batch) {
      const text = keyText(keyOfRow(table, row));
      if (wanted.has(text)) found.set(text, row);
    }
    const last = batch[batch.length - 1];
    if (last === undefined || batch.length < limit) ahead = [];
    else ahead = ahead.slice(upTo(ahead, keyOfRow(table, last)));
    if (found.size - before < batch.length / 2) break;
  }
  for (const row of await rows.bulkGet(ahead.map(toDexie))) if (row) found.set(keyText(keyOfRow(table, row)), row);
  return ids.map((id) => found.get(keyText(id)));
}

/** How many of the sorted keys are not beyond this one. */
function upTo(sorted: readonly Key[], key: Key): number {
  const next = sorted.findIndex((one) => compareKeys(one, key) > 0);
  return next < 0 ? sorted.length : next;
}

async function queryRows(rows: RowTable, table: TableName, query: Query): Promise<Row[]> {
  if (query.limit !== undefined && query.limit <= 0) return [];
  const { multi } = indexOf(table, query.index);
  if (query.anyOf !== undefined) {
    const keys = distinct(query.anyOf, query.reverse ?? false);
    const parts = await Promise.all(keys.map((equals) => ordered(rows, table, { ...query, equals }).toArray()));
    return limited(multi ? once(table, parts.flat()) : parts.flat(), query.limit);
  }
  // A row has several entries in a range of an index with an entry for each member: the limit counts rows.
  if (multi && query.equals === undefined) {
    const found = await ordered(rows, table, { ...query, limit: Infinity }).toArray();
    return limited(once(table, found), query.limit);
  }
  // Reading all and turning it around beats a cursor.
  if (query.reverse && query.limit === undefined)
    return (await ordered(rows, table, { ...query, reverse: false }).toArray()).reverse();
  return ordered(rows, table, query).toArray();
}

async function countRows(rows: RowTable, table: TableName, query: Query): Promise<number> {
  const { multi } = indexOf(table, query.index);
  const { limit = Infinity } = query;
  if (multi && query.equals === undefined) {
    const parts =
      query.anyOf !== undefined
        ? await Promise.all(
            distinct(query.anyOf, false).map((equals) => part(rows, table, { ...query, equals }).primaryKeys())
          )
        : [await part(rows, table, query).primaryKeys()];
    return Math.min(limit, new Set(parts.flat().map((key) => keyText(key))).size);
  }
  if (query.anyOf !== undefined) {
    const counts = await Promise.all(
      distinct(query.anyOf, false).map((equals) => part(rows, table, { ...query, equals }).count())
    );
    return Math.min(
      limit,
      counts.reduce((sum, count) => sum + count, 0)
    );
  }
  return Math.min(limit, await part(rows, table, query).count());
}

function ordered(rows: RowTable, table: TableName, query: Query): Rowset {
  const found = part(rows, table, query);
  const turned = query.reverse ? found.reverse() : found;
  return query.limit === undefined || query.limit === Infinity ? turned : turned.limit(query.limit);
}

function part(rows: RowTable, table: TableName, { index, equals, from, to }: Query): Rowset {
  const where = rows.where(index ?? nameOfPrimaryKey(table));
  if (equals !== undefined) return where.equals(toDexie(equals));
  if (from !== undefined && to !== undefined) {
    if (compareKeys(from, to) > 0) return rows.limit(0);
    return where.between(toDexie(from), toDexie(to), true, true);
  }
  if (from !== undefined) return where.aboveOrEqual(toDexie(from));
  if (to !== undefined) return where.belowOrEqual(toDexie(to));
  return index === undefined ? rows.toCollection() : rows.orderBy(index);
}

async function writeRows(rows: RowTable, table: TableName, { deletes, puts, adds }: Writes): Promise<void> {
  const made: PromiseLike<unknown>[] = [];
  if (deletes.length > 0) made.push(rows.bulkDelete(deletes.map(toDexie)));
  if (puts.length > 0) made.push(rows.bulkPut(puts).catch((error: unknown) => refuse(table, puts, error)));
  if (adds.length > 0) made.push(rows.bulkAdd(adds).catch((error: unknown) => refuse(table, adds, error)));
  await Promise.all(made);
}

/** A constraint that a row broke is a conflict over that row. */
function refuse(table: TableName, rows: readonly Row[], error: unknown): never {
  if (error instanceof Dexie.BulkError) {
    for (const [position, failure] of Object.entries(error.failuresByPos)) {
      const row = rows[Number(position)];
      if (failure.name === 'ConstraintError' && row !== undefined) throw new Conflict(table, keyOfRow(table, row));
    }
  }
  throw error;
}

function keyOfRow(table: TableName, row: Row): Key {
  const { path } = indexOf(table, undefined);
  const values = row as unknown as Record<string, string | number>;
  return typeof path === 'string' ? String(values[path]) : path.map((name) => values[name] as string | number);
}

function nameOfPrimaryKey(table: TableName): string {
  return indexOf(table, undefined).name;
}

function distinct(keys: readonly (Key | number)[], reverse: boolean): (Key | number)[] {
  const sorted = [...new Map(keys.map((key) => [keyText(key), key])).values()].sort(compareKeys);
  return reverse ? sorted.reverse() : sorted;
}

function once(table: TableName, rows: readonly Row[]): Row[] {
  return [...new Map(rows.map((row) => [keyText(keyOfRow(table, row)), row])).values()];
}

function limited(rows: Row[], limit: number | undefined): Row[] {
  return limit === undefined ? rows : rows.slice(0, limit);
}

function toDexie(key: Key | number): IndexedKey {
  return typeof key === 'object' ? [...key] : key;
}
