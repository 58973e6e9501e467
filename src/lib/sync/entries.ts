import type { SyncRow } from '$lib/core/rows/sync';
import type { Key, TableName, Tables } from '$lib/core/tables';
import type { Entry } from './batches';
import { latest, type Stamp } from './clock';
import { ASKING } from './grains';
import { keyFrom } from './keys';
import { leavesOf, type Leaf, type Pointer } from './leaves';
import type { RowState, Writing } from './row-state';
import { knownOf, stampsIn, stateOf } from './standing';
import { sentTable } from './synced';

/** What others have not been told of a row; null where that is nothing. `row`: undefined where there is none. */
export function entryOf<T extends TableName>(table: T, kept: SyncRow, row: Tables[T] | undefined): Entry | null {
  const { key, made = null, gone = null } = kept;
  const stamps = stampsIn(kept);
  const sent = knownOf(kept);
  const isNew = (stamp: Stamp | null): stamp is Stamp => stamp !== null && (sent === null || stamp > sent);
  const head = { table, key, made, gone };
  if (ASKING.has(table)) return { ...head, leaves: (kept.writings ?? {}) as RowState['leaves'] };
  if (made !== null && (gone === null || made > gone)) {
    if (row === undefined) return null;
    if (isNew(made)) {
      const isStamped = Object.keys(stamps).length > 0;
      return { ...head, row: { ...row }, ...(isStamped ? { stamps } : {}) };
    }
    const written = Object.entries(stateOf(table, kept, row).leaves).filter(([pointer, writings]) =>
      isNew(pointer in stamps ? (writings.at(-1)?.stamp ?? null) : null)
    );
    return written.length === 0 && !isNew(gone) ? null : { ...head, made: null, leaves: Object.fromEntries(written) };
  }
  return gone === null ? null : { ...head, made: null };
}

/** What an entry says of its row. */
export function stateOfEntry(table: TableName, { made, gone, row, stamps = {}, leaves = {} }: Entry): RowState {
  if (row === undefined) return { made, gone, leaves };
  const all: Record<Pointer, Writing[]> = {};
  const add = (pointer: Pointer, leaf: Leaf | null): void => {
    all[pointer] = [{ stamp: stamps[pointer] ?? made ?? '', leaf, over: null }];
  };
  for (const [pointer, leaf] of leavesOf(table, row)) add(pointer, leaf);
  for (const pointer of Object.keys(stamps)) if (!(pointer in all)) add(pointer, null);
  return { made, gone, leaves: all };
}

/** The greatest stamp that an entry gives. */
export function greatestIn({ made, gone, stamps = {}, leaves = {} }: Entry): Stamp | null {
  let greatest = latest(made, gone);
  for (const stamp of Object.values(stamps)) greatest = latest(greatest, stamp);
  for (const writings of Object.values(leaves)) for (const { stamp } of writings) greatest = latest(greatest, stamp);
  return greatest;
}

/** Where an entry's row is; undefined where this version of the app does not know the table, or the key is none of its. */
export function placeOf({ table: name, key: text }: Entry): { table: TableName; key: Key } | undefined {
  const table = sentTable(name);
  if (table === undefined) return undefined;
  try {
    return { table, key: keyFrom(table, text) };
  } catch {
    return undefined;
  }
}
