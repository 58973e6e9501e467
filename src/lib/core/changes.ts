import type { Key, TableName, Tables } from './tables';

/**
 * A patch of one row. `create` makes a row that must not exist yet (its id decides). `set` takes property names or dotted paths
 * (`attributes.FIRSTNAME`); `undefined` takes a property away. `addToSet` and `removeFromSet` treat an array as a set. Merging
 * needs patches: two devices that changed two fields of one contact both keep their change.
 */
export type Change = { [T in TableName]: ChangeOf<T> }[TableName];

export interface ChangeOf<T extends TableName> {
  readonly table: T;
  readonly id: Key;
  readonly create?: Tables[T];
  readonly set?: Readonly<Record<string, unknown>>;
  readonly addToSet?: Readonly<Record<string, readonly string[]>>;
  readonly removeFromSet?: Readonly<Record<string, readonly string[]>>;
  readonly delete?: true;
}

export function create<T extends TableName>(table: T, id: Key, row: Tables[T]): ChangeOf<T> {
  return { table, id, create: row };
}

export function update<T extends TableName>(table: T, id: Key, set: Readonly<Record<string, unknown>>): ChangeOf<T> {
  return { table, id, set };
}

export function remove<T extends TableName>(table: T, id: Key): ChangeOf<T> {
  return { table, id, delete: true };
}

/** The row after the change; the row given is left as it was. A change to a row that is not there makes nothing. */
export function applyChange<T extends TableName>(
  row: Tables[T] | undefined,
  change: ChangeOf<T>
): Tables[T] | undefined {
  if (change.delete) return undefined;
  if (change.create !== undefined) return change.create;
  if (row === undefined) return undefined;
  const next = { ...row } as unknown as Record<string, unknown>;
  if (change.set) for (const path in change.set) setPath(next, path, change.set[path]);
  if (change.addToSet)
    for (const path in change.addToSet) setPath(next, path, union(getPath(next, path), change.addToSet[path] ?? []));
  if (change.removeFromSet)
    for (const path in change.removeFromSet)
      setPath(next, path, without(getPath(next, path), change.removeFromSet[path] ?? []));
  return next as unknown as Tables[T];
}

/** What takes a change back, given the row as it was before (undefined: there was none). */
export function inverseOf(change: Change, before: Tables[TableName] | undefined): Change {
  const { table, id } = change;
  if (before === undefined) return { table, id, delete: true } as Change;
  if (change.delete || change.create !== undefined) return { table, id, create: before } as Change;
  const row = before as unknown as Record<string, unknown>;
  const present = (path: string): readonly string[] => asSet(getPath(row, path));
  const set: Record<string, unknown> = {};
  for (const path of Object.keys(change.set ?? {})) set[path] = getPath(row, path);
  const removeFromSet: Record<string, readonly string[]> = {};
  for (const [path, members] of Object.entries(change.addToSet ?? {}))
    removeFromSet[path] = without(members, present(path));
  const addToSet: Record<string, readonly string[]> = {};
  for (const [path, members] of Object.entries(change.removeFromSet ?? {}))
    addToSet[path] = members.filter((member) => present(path).includes(member));
  return { table, id, set, addToSet, removeFromSet } as Change;
}

function union(present: unknown, added: readonly string[]): string[] {
  return [...new Set([...asSet(present), ...added])];
}

function without(present: unknown, removed: readonly string[]): string[] {
  return asSet(present).filter((member) => !removed.includes(member));
}

function asSet(value: unknown): readonly string[] {
  return Array.isArray(value) ? (value as string[]) : [];
}

/** What a row has at a property name or a dotted path. */
export function getPath(row: object, path: string): unknown {
  let value: unknown = row;
  for (const part of path.split('.')) value = (value as Record<string, unknown> | undefined)?.[part];
  return value;
}

/** Copies each object on the way, so that the row given to `applyChange` is never touched. */
function setPath(row: Record<string, unknown>, path: string, value: unknown): void {
  const dot = path.indexOf('.');
  const head = dot < 0 ? path : path.slice(0, dot);
  if (dot < 0) {
    if (value === undefined) delete row[head];
    else row[head] = value;
    return;
  }
  const inner = { ...(row[head] as Record<string, unknown> | undefined) };
  setPath(inner, path.slice(dot + 1), value);
  row[head] = inner;
}
