import type { Key, TableName } from '$lib/core/tables';
import { compareKeys, INDEXES, indexOf, keyText, type Index } from './indexes';
import { Conflict, type Query } from './port';
import { SortedKeys } from './sorted-keys';
import type { Row, Writes } from './writes';

/** One table in memory, with its indexes and what is needed to take a transaction back. */
export class MemoryTable {
  readonly #rows = new Map<string, Row>();
  readonly #indexes: ReadonlyMap<string, { readonly index: Index; readonly keys: SortedKeys }>;
  #undo: { text: string; before: Row | undefined }[] = [];

  constructor(private readonly table: TableName) {
    this.#indexes = new Map(INDEXES[table].map((index) => [index.name, { index, keys: new SortedKeys() }] as const));
  }

  get(id: Key): Row | undefined {
    return this.#rows.get(keyText(id));
  }

  query(query: Query): Row[] {
    const limit = query.limit ?? Infinity;
    if (limit <= 0) return [];
    const texts = new Set<string>();
    for (const text of this.#texts(query)) {
      texts.add(text);
      if (texts.size >= limit) break;
    }
    return [...texts].map((text) => this.#rows.get(text) as Row);
  }

  count(query: Query): number {
    return Math.min(query.limit ?? Infinity, new Set(this.#texts(query)).size);
  }

  write({ deletes, puts, adds }: Writes): void {
    for (const id of deletes) this.#replace(keyText(id), undefined);
    for (const row of puts) this.#replace(this.#textOf(row), frozenCopy(row));
    for (const row of adds) {
      const text = this.#textOf(row);
      if (this.#rows.has(text)) throw new Conflict(this.table, this.#keyOf(row));
      this.#replace(text, frozenCopy(row));
    }
  }

  commit(): void {
    this.#undo = [];
  }

  rollBack(): void {
    for (const { text, before } of this.#undo.reverse()) this.#place(text, before);
    this.#undo = [];
  }

  #replace(text: string, row: Row | undefined): void {
    if (row !== undefined) this.#checkUnique(text, row);
    this.#undo.push({ text, before: this.#rows.get(text) });
    this.#place(text, row);
  }

  #place(text: string, row: Row | undefined): void {
    const before = this.#rows.get(text);
    for (const { index, keys } of this.#indexes.values()) {
      const old = before === undefined ? [] : entriesOf(index, before);
      const next = row === undefined ? [] : entriesOf(index, row);
      if (old.length === next.length && old.every((key, at) => compareKeys(key, next[at] as Key) === 0)) continue;
      const id = this.#keyOf((before ?? row) as Row);
      for (const key of old) keys.remove(key, id);
      for (const key of next) keys.insert(key, id, text);
    }
    if (row === undefined) this.#rows.delete(text);
    else this.#rows.set(text, row);
  }

  #checkUnique(text: string, row: Row): void {
    for (const { index, keys } of this.#indexes.values()) {
      if (!index.unique) continue;
      for (const key of entriesOf(index, row))
        if (keys.range(key, key).some((other) => other !== text)) throw new Conflict(this.table, this.#keyOf(row));
    }
  }

  #texts(query: Query): string[] {
    const { name, multi } = indexOf(this.table, query.index);
    const limit = query.reverse || multi ? Infinity : (query.limit ?? Infinity);
    const { keys } = this.#indexes.get(name) as { keys: SortedKeys };
    const texts =
      query.equals !== undefined
        ? keys.range(query.equals, query.equals)
        : query.anyOf !== undefined
          ? [...query.anyOf].sort(compareKeys).flatMap((key) => keys.range(key, key))
          : keys.range(query.from, query.to, limit);
    return query.reverse ? texts.reverse() : texts;
  }

  #keyOf(row: Row): Key {
    return entryOf(INDEXES[this.table][0], row) as Key;
  }

  #textOf(row: Row): string {
    return keyText(this.#keyOf(row));
  }
}

/** The keys under which an index holds the row: none where the row lacks the property. */
function entriesOf(index: Index, row: Row): (Key | number)[] {
  if (!index.multi) {
    const key = entryOf(index, row);
    return key === undefined ? [] : [key];
  }
  const members = (row as unknown as Record<string, unknown>)[index.path as string];
  return Array.isArray(members) ? [...new Set(members)].filter(isKeyPart) : [];
}

function entryOf(index: Index, row: Row): Key | number | undefined {
  const values = row as unknown as Record<string, unknown>;
  if (typeof index.path === 'string') {
    const value = values[index.path];
    return isKeyPart(value) ? value : undefined;
  }
  const parts = index.path.map((name) => values[name]);
  return parts.every(isKeyPart) ? parts : undefined;
}

function isKeyPart(value: unknown): value is string | number {
  return typeof value === 'string' || (typeof value === 'number' && !Number.isNaN(value));
}

const FROZEN = new WeakSet<object>();

/** Nobody else holds the copy's parts, and nobody can change them. What was copied before is taken as it is. */
function frozenCopy<T>(value: T): T {
  if (typeof value === 'function' || typeof value === 'symbol') throw new Error('a row holds what cannot be stored');
  if (typeof value !== 'object' || value === null || FROZEN.has(value)) return value;
  const copy: unknown = Array.isArray(value)
    ? value.map((member: unknown) => frozenCopy(member))
    : Object.fromEntries(Object.entries(value).map(([name, part]) => [name, frozenCopy(part)]));
  FROZEN.add(Object.freeze(copy));
  return copy as T;
}
