import type { TableName } from '$lib/core/tables';
import { asks } from './grains';
import { isSameLeaf, leavesOf, rowOfLeaves, type Leaf, type Pointer } from './leaves';

/**
 * A row, or some of its properties, as it is by now (`stored`), with what somebody has made of an earlier state of it (`from` → `to`).
 * Null where a part of which the user is asked was written otherwise on both sides.
 */
export function rebased<R extends object>(table: TableName, stored: R, { from, to }: { from: R; to: R }): R | null {
  const [then, ours, theirs] = [from, to, stored].map((row) => leavesOf(table, row)) as [Leaves, Leaves, Leaves];
  const leaves = new Map<Pointer, Leaf>(theirs);
  for (const pointer of new Set([...then.keys(), ...ours.keys()])) {
    const [before, mine, other] = [then, ours, theirs].map((each) => each.get(pointer) ?? null) as [Side, Side, Side];
    if (isSameLeaf(before, mine)) continue;
    if (asks(table, pointer) && !isSameLeaf(before, other) && !isSameLeaf(mine, other)) return null;
    if (mine === null) leaves.delete(pointer);
    else leaves.set(pointer, mine);
  }
  return rowOfLeaves(leaves) as R;
}

type Leaves = ReadonlyMap<Pointer, Leaf>;
type Side = Leaf | null;
