import type { Key, TableName } from '$lib/core/tables';
import { SCHEMA } from './schema';

/** One index of a table, read from Dexie's notation. */
export interface Index {
  /** As queries name it: `email`, `[status+dueAt]`. */
  readonly name: string;
  /** A property, or the properties of a compound index. */
  readonly path: string | readonly string[];
  readonly unique: boolean;
  /** One entry for each member of an array. */
  readonly multi: boolean;
}

/** The primary key of each table, then its other indexes. */
export const INDEXES: Readonly<Record<TableName, readonly [Index, ...Index[]]>> = Object.fromEntries(
  Object.entries(SCHEMA).map(([table, notation]) => [table, notation.split(',').map((part) => toIndex(part.trim()))])
) as unknown as Record<TableName, [Index, ...Index[]]>;

/** Throws where the table has no such index. Without a name: the primary key. */
export function indexOf(table: TableName, name: string | undefined): Index {
  const index = name === undefined ? INDEXES[table][0] : INDEXES[table].find((one) => one.name === name);
  if (index === undefined) throw new Error(`${table} has no index ${name}`);
  return index;
}

function toIndex(notation: string): Index {
  const name = notation.replace(/^[&*]/, '');
  const path = name.startsWith('[') ? name.slice(1, -1).split('+') : name;
  return { name, path, unique: notation.startsWith('&'), multi: notation.startsWith('*') };
}

/** A key as text: equal for equal keys of one table, to be used in maps. */
export function keyText(key: Key | number): string {
  return typeof key === 'string' ? key : typeof key === 'number' ? String(key) : key.join('\u0000');
}

/** The order of IndexedDB: numbers before texts before arrays; arrays by their members, a shorter one first. */
export function compareKeys(left: Key | number, right: Key | number): number {
  if (typeof left === 'string' && typeof right === 'string') return left < right ? -1 : left > right ? 1 : 0;
  if (typeof left === 'number' && typeof right === 'number') return left - right;
  if (typeof left === 'object' && typeof right === 'object') {
    const shared = Math.min(left.length, right.length);
    for (let part = 0; part < shared; part++) {
      const order = compareKeys(left[part] as string | number, right[part] as string | number);
      if (order !== 0) return order;
    }
    return left.length - right.length;
  }
  return rank(left) - rank(right);
}

function rank(key: Key | number): number {
  return typeof key === 'number' ? 0 : typeof key === 'string' ? 1 : 2;
}
