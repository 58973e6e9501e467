import type { TableName } from '$lib/core/tables';
import { GRAINS, type Grain } from './grains';
import { SYNCED } from './synced';

/** Where a leaf is in a row: names joined by '/', as JSON Pointer (RFC 6901) writes them; '' is the row itself. */
export type Pointer = string;

/**
 * What edits of two devices are told apart by: a value that is written as a whole, or that there is an object, a set or a list of things
 * with ids, whose parts are leaves of their own. A list's leaf holds the order of its ids.
 */
export type Leaf =
  | { readonly value: unknown }
  | { readonly holds: 'object' | 'set' }
  | { readonly holds: 'list'; readonly order: readonly string[] };

export type Leaves = ReadonlyMap<Pointer, Leaf>;

const OBJECT: Leaf = { holds: 'object' };
const SET: Leaf = { holds: 'set' };
const MEMBER: Leaf = { value: true };

/** Where that of a row lies which is written as a whole, beside whose it is: the property of no name, which no row has. */
const REST: Pointer = '/';

/** A row of a table as leaves. What is undefined is not there. */
export function leavesOf(table: TableName, row: object): Leaves {
  const leaves = new Map<Pointer, Leaf>();
  const put = (pointer: Pointer, value: unknown, grain: Grain): void => {
    if (value === undefined) return;
    if (grain === 'set' || (grain === 'value' && isTexts(value))) {
      leaves.set(pointer, SET);
      for (const member of value as readonly string[]) leaves.set(below(pointer, member), MEMBER);
    } else if (grain === 'whole' || grain === 'value') leaves.set(pointer, { value });
    else if ('items' in grain) {
      const items = value as readonly { id: string }[];
      leaves.set(pointer, { holds: 'list', order: items.map(({ id }) => id) });
      for (const item of items) put(below(pointer, item.id), item, grain.items);
    } else {
      leaves.set(pointer, OBJECT);
      for (const [name, part] of Object.entries(value as object))
        put(below(pointer, name), part, 'values' in grain ? grain.values : (grain.fields[name] ?? 'whole'));
    }
  };
  const syncing = SYNCED[table];
  if (syncing === 'owned') {
    const { contactId, ...rest } = row as { contactId?: unknown };
    put('', { contactId }, { fields: {} });
    put(REST, rest, 'whole');
  } else put('', row, syncing === 'whole' ? 'whole' : { fields: GRAINS[table] ?? {} });
  return leaves;
}

/**
 * What leaves make, undefined where the row itself is not there. A part of what is not there is not there either. Members of a set come
 * in the order of their names; what a list has beyond its order comes after it, by its ids.
 */
export function rowOfLeaves(leaves: Leaves): object | undefined {
  const parts = new Map<Pointer, [name: string, pointer: Pointer][]>();
  for (const pointer of leaves.keys()) {
    if (pointer === '') continue;
    const [parent, name] = parted(pointer);
    const siblings = parts.get(parent) ?? [];
    siblings.push([name, pointer]);
    parts.set(parent, siblings);
  }
  const made = (pointer: Pointer): unknown => {
    const leaf = leaves.get(pointer);
    if (leaf === undefined) return undefined;
    if ('value' in leaf) return leaf.value;
    const inside = parts.get(pointer) ?? [];
    if (leaf.holds === 'set') return inside.map(([name]) => name).sort();
    const values = new Map(inside.map(([name, part]) => [name, made(part)]));
    if (!('order' in leaf)) return pointer === '' ? together(values) : Object.fromEntries(values);
    const inOrder = leaf.order.filter((id) => values.has(id));
    const beyond = [...values.keys()].filter((id) => !leaf.order.includes(id)).sort();
    return [...inOrder, ...beyond].map((id) => values.get(id));
  };
  return made('') as object | undefined;
}

function together(values: ReadonlyMap<string, unknown>): object {
  const { '': rest, ...properties } = Object.fromEntries(values);
  return { ...(rest as object | undefined), ...properties };
}

export function isSameLeaf(one: Leaf | null, other: Leaf | null): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

function below(pointer: Pointer, name: string): Pointer {
  return `${pointer}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

/** Of what a leaf is a part; undefined of the row itself. */
export function parentOf(pointer: Pointer): Pointer | undefined {
  return pointer === '' ? undefined : parted(pointer)[0];
}

function parted(pointer: Pointer): [parent: Pointer, name: string] {
  const at = pointer.lastIndexOf('/');
  return [
    pointer.slice(0, at),
    pointer
      .slice(at + 1)
      .replaceAll('~1', '/')
      .replaceAll('~0', '~')
  ];
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}
