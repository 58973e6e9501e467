import { PRIMARY_KEYS, type Key, type TableName } from '$lib/core/tables';

/** A key as one text, from which `keyFrom` gets it back. */
export function keyName(key: Key): string {
  return typeof key === 'string' ? key : JSON.stringify(key);
}

/** Throws where the text is not one that `keyName` has made of a key of this table. */
export function keyFrom(table: TableName, name: string): Key {
  return typeof PRIMARY_KEYS[table] === 'string' ? name : (JSON.parse(name) as (string | number)[]);
}
