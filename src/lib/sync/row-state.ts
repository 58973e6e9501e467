import type { OutboxRow } from '$lib/core/rows/messages';
import type { TableName, Tables } from '$lib/core/tables';
import { latest, type Stamp } from './clock';
import { asks } from './grains';
import { isSameLeaf, leavesOf, rowOfLeaves, type Leaf, type Pointer } from './leaves';

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
  for (const pointer of new Set([...now.keys(), ...Object.keys(known.leaves)])) {
    const last = known.leaves[pointer]?.at(-1);
    const leaf = now.get(pointer) ?? null;
    // What is restored is written anew, even where it is as it was: a deletion takes all that is older.
    if ((isThere || leaf === null) && isSameLeaf(last?.leaf ?? null, leaf)) continue;
    leaves[pointer] = [{ stamp, leaf, over: asks(table, pointer) ? (last?.stamp ?? null) : null }];
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
  const conflicts = Object.entries(state.leaves).filter(([, writings]) =>
    writings.some(({ leaf }) => !isSameLeaf(leaf, writings.at(-1)?.leaf ?? null))
  );
  return new Map(conflicts);
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
