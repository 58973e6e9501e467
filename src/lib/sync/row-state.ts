import type { OutboxRow } from '$lib/core/rows/messages';
import type { TableName, Tables } from '$lib/core/tables';
import { latest, type Stamp } from './clock';
import { asks, itemOf } from './grains';
import { isSameLeaf, leavesOf, parentOf, rowOfLeaves, type Leaf, type Pointer } from './leaves';

/** What somebody has written to a leaf: null takes it away. `over` is the stamp of what they saw there, null where there was nothing. */
export interface Writing {
  readonly stamp: Stamp;
  readonly leaf: Leaf | null;
  readonly over: Stamp | null;
}

/**
 * What devices know of a row: when it was last made or restored, when it was last deleted, and of each leaf what was written to it last.
 * A change is such a state too, of the leaves that it changes: states are a join semilattice (Shapiro et al., 'A comprehensive study of
 * Convergent and Commutative Replicated Data Types', 2011), and whoever has merged the same changes, in any order and however often, has
 * the same state.
 */
export interface RowState {
  readonly made: Stamp | null;
  readonly gone: Stamp | null;
  /** The last writing; of a part that is asked of, also those made without knowledge of each other, the last one last. */
  readonly leaves: Readonly<Record<Pointer, readonly Writing[]>>;
}

export const NOTHING: RowState = { made: null, gone: null, leaves: {} };

/**
 * What a change of a row is to other devices: `after` is the row as it is then, undefined where it is deleted. `known` is what the device
 * knew of it. Null where nothing has changed.
 */
export function changeOf<T extends TableName>(
  table: T,
  known: RowState,
  after: Tables[T] | undefined,
  stamp: Stamp
): RowState | null {
  const isThere = isAlive(known);
  if (after === undefined) return isThere ? { ...NOTHING, gone: stamp } : null;
  const now = leavesOf(table, after);
  const leaves: Record<Pointer, Writing[]> = {};
  const write = (pointer: Pointer, leaf: Leaf | null): void => {
    const over = asks(table, pointer) ? (known.leaves[pointer]?.at(-1)?.stamp ?? null) : null;
    leaves[pointer] = [{ stamp, leaf, over }];
  };
  for (const pointer of new Set([...now.keys(), ...Object.keys(known.leaves)])) {
    const leaf = now.get(pointer) ?? null;
    // What is restored is written anew, even where it is as it was: a deletion takes all that is older.
    if ((isThere || leaf === null) && isSameLeaf(known.leaves[pointer]?.at(-1)?.leaf ?? null, leaf)) continue;
    const item = itemOf(table, pointer);
    // Its parts go with it, and come back with it.
    if (leaf === null && item !== undefined && !now.has(item)) continue;
    write(pointer, leaf);
    if (item !== undefined && asks(table, pointer)) write(item, now.get(item) ?? null);
  }
  if (isThere && Object.keys(leaves).length === 0) return null;
  return { made: isThere ? null : stamp, gone: null, leaves };
}

/** What is known once both are. Commutative, associative and idempotent. */
export function merged(table: TableName, one: RowState, other: RowState): RowState {
  const gone = latest(one.gone, other.gone);
  const leaves: Record<Pointer, readonly Writing[]> = {};
  for (const pointer of [...new Set([...Object.keys(one.leaves), ...Object.keys(other.leaves)])].sort()) {
    const writings = [...(one.leaves[pointer] ?? []), ...(other.leaves[pointer] ?? [])].filter(
      ({ stamp }) => gone === null || stamp > gone
    );
    const kept = asks(table, pointer) ? notSeen(distinct(writings)) : lastOf(table, distinct(writings));
    if (kept.length > 0) leaves[pointer] = kept;
  }
  return { made: latest(one.made, other.made), gone, leaves };
}

/** The row that a state is; undefined where there is none, or none any more. */
export function rowOf<T extends TableName>(state: RowState): Tables[T] | undefined {
  if (!isAlive(state)) return undefined;
  const leaves = new Map<Pointer, Leaf>();
  for (const [pointer, writings] of Object.entries(state.leaves)) {
    const leaf = writings.at(-1)?.leaf;
    if (leaf) leaves.set(pointer, leaf);
  }
  return rowOfLeaves(leaves) as Tables[T] | undefined;
}

/** Where devices have written otherwise without knowledge of each other, and what: the last writing, which holds, comes last. */
export function conflictsIn(state: RowState): ReadonlyMap<Pointer, readonly Writing[]> {
  const conflicts = Object.entries(state.leaves).filter(
    ([pointer, writings]) =>
      writings.some(({ leaf }) => !isSameLeaf(leaf, writings.at(-1)?.leaf ?? null)) && mayBeThere(state, pointer)
  );
  return new Map(conflicts);
}

/** Whether what it is part of is there, or may be by somebody's choice. */
function mayBeThere({ leaves }: RowState, pointer: Pointer): boolean {
  for (let of = parentOf(pointer); of !== undefined; of = parentOf(of))
    if (!(leaves[of] ?? []).some(({ leaf }) => leaf !== null)) return false;
  return true;
}

/** What a writing makes of its part of the row, with all that is below it; undefined where it takes it away. */
export function partOf({ leaves }: RowState, pointer: Pointer, { leaf }: Writing): unknown {
  const part = new Map<Pointer, Leaf>();
  for (const [each, writings] of Object.entries(leaves)) {
    const last = each === pointer ? leaf : writings.at(-1)?.leaf;
    if (last && (each === pointer || each.startsWith(`${pointer}/`))) part.set(each.slice(pointer.length), last);
  }
  return rowOfLeaves(part);
}

function isAlive({ made, gone }: RowState): boolean {
  return made !== null && (gone === null || made > gone);
}

/** The last one; of messages, before all others, that it was sent: nobody can take that back. */
function lastOf(table: TableName, writings: readonly Writing[]): readonly Writing[] {
  const sent = table === 'outbox' ? writings.filter(({ leaf }) => isSent(leaf)) : [];
  return (sent.length > 0 ? sent : writings).slice(-1);
}

function isSent(leaf: Leaf | null): boolean {
  return leaf !== null && 'value' in leaf && (leaf.value as Partial<OutboxRow> | null)?.status === 'sent';
}

/** Without what was seen by whoever wrote another: they meant to replace it. */
function notSeen(writings: readonly Writing[]): Writing[] {
  return writings.filter(({ stamp }) => !writings.some(({ over }) => over !== null && over >= stamp));
}

/** In the order of their stamps, each once. Two contents of one stamp, which only a device gives that was set back, make one. */
function distinct(writings: readonly Writing[]): Writing[] {
  const byStamp = new Map<Stamp, Writing>();
  for (const writing of writings) {
    const before = byStamp.get(writing.stamp);
    byStamp.set(writing.stamp, before ? joined(before, writing) : writing);
  }
  return [...byStamp.values()].sort((a, b) => (a.stamp < b.stamp ? -1 : 1));
}

function joined(one: Writing, other: Writing): Writing {
  const { leaf } = JSON.stringify(one.leaf) >= JSON.stringify(other.leaf) ? one : other;
  return { stamp: one.stamp, leaf, over: latest(one.over, other.over) };
}
