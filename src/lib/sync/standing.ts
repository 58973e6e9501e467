import type { SyncStanding } from '$lib/core/rows/events';
import type { SyncRow } from '$lib/core/rows/sync';
import type { TableName, Tables } from '$lib/core/tables';
import { latest, type Stamp } from './clock';
import { ASKING } from './grains';
import { leavesOf, type Pointer } from './leaves';
import type { RowState, Writing } from './row-state';

/** The stamp of all that was there when the first device began to sync: older than whatever was written since. */
export const BASE: Stamp = '0'.repeat(12) + '1';

/** The stamp of what a device had before it joined others: what they have of the same comes before it. */
export function joiningStamp(device: string): Stamp {
  return '0'.repeat(13) + device;
}

/** How a device stands to a remote of which it has read nothing and to which it has told nothing, under this generation of its key. */
export function beginning(
  generation: number
): Pick<SyncStanding, 'generation' | 'cursor' | 'peers' | 'next' | 'attempt'> {
  return { generation, cursor: null, peers: {}, next: 0, attempt: null };
}

/** How a device stands that has just begun, and had nothing before. */
export function newStanding(device: string, generation: number): SyncStanding {
  return { id: 'sync', device, greatest: null, ...beginning(generation), baseline: null };
}

/** What is known of a row: what it is, and what is kept beside it of when that was written. `row`: undefined where there is none. */
export function stateOf<T extends TableName>(
  table: T,
  kept: SyncRow | undefined,
  row: Tables[T] | undefined
): RowState {
  const made = kept === undefined ? (row === undefined ? null : BASE) : (kept.made ?? null);
  const gone = kept?.gone ?? null;
  if (kept?.writings !== undefined) return { made, gone, leaves: kept.writings as RowState['leaves'] };
  const stamps = stampsIn(kept);
  const leaves: Record<Pointer, readonly Writing[]> = {};
  if (row === undefined) return { made, gone, leaves };
  for (const [pointer, leaf] of leavesOf(table, row))
    leaves[pointer] = [{ stamp: stamps[pointer] ?? made ?? BASE, leaf, over: null }];
  for (const [pointer, stamp] of Object.entries(stamps)) leaves[pointer] ??= [{ stamp, leaf: null, over: null }];
  return { made, gone, leaves };
}

/** What is to be kept beside the row that the state is. `sent`: as in `SyncRow`. */
export function keptOf(
  table: TableName,
  key: string,
  { made, gone, leaves }: RowState,
  sent: Pick<SyncRow, 'sent' | 'unsent'>
): SyncRow {
  // What is told of a row that is not there yet has nowhere else to be.
  const isThere = made !== null && (gone === null || made > gone);
  const head = { table, key, made: made ?? undefined, gone: gone ?? undefined, ...sent };
  if (ASKING.has(table) || !isThere) return { ...head, writings: leaves };
  const stamps: Record<Pointer, Stamp> = {};
  for (const [pointer, all] of Object.entries(leaves)) {
    const last = all.at(-1);
    // What follows from the row alone is not kept: what is there, and as old as the row.
    if (last !== undefined && (last.leaf === null || last.stamp !== made)) stamps[pointer] = last.stamp;
  }
  return withLeaves(head, stamps);
}

/** What is kept of leaves, whose stamps these are: many are written at one time. */
export function withLeaves(kept: SyncRow, stamps: Readonly<Record<Pointer, Stamp>>): SyncRow {
  const leaves: Record<Stamp, Pointer[]> = {};
  for (const [pointer, stamp] of Object.entries(stamps)) (leaves[stamp] ??= []).push(pointer);
  return { ...kept, leaves: Object.keys(leaves).length === 0 ? undefined : leaves };
}

/** The stamps of leaves that were written after the row was made. */
export function stampsIn(kept: SyncRow | undefined): Record<Pointer, Stamp> {
  const stamps: Record<Pointer, Stamp> = {};
  for (const [stamp, pointers] of Object.entries(kept?.leaves ?? {}))
    for (const pointer of pointers) stamps[pointer] = stamp;
  return stamps;
}

/** What others know of: all but what is unsent. Null: nothing. */
export function knownOf(kept: SyncRow | undefined): Stamp | null {
  if (kept === undefined) return null;
  return kept.unsent === undefined ? greatestOf(kept) : (kept.sent ?? null);
}

/** The greatest stamp that is kept of a row. */
export function greatestOf({ made, gone, leaves = {}, writings = {} }: SyncRow): Stamp | null {
  let greatest = latest(made ?? null, gone ?? null);
  for (const stamp of Object.keys(leaves)) greatest = latest(greatest, stamp);
  for (const all of Object.values(writings)) greatest = latest(greatest, all.at(-1)?.stamp ?? null);
  return greatest;
}

/** Rows of these are written once, under a key that none of them has again: nothing is older than their being made. */
const FACTS: ReadonlySet<TableName> = new Set<TableName>(['events', 'ledger', 'journal', 'reactions', 'importBlocks']);

/** Whether nothing needs to be kept once all know it: a fact that was made, and not written since. */
export function isFact(table: string, { gone, leaves, writings }: SyncRow): boolean {
  return FACTS.has(table as TableName) && gone === undefined && leaves === undefined && writings === undefined;
}
