import type { Change } from '$lib/core/changes';
import type { SyncLogRow, SyncRow, Touched } from '$lib/core/rows/sync';
import type { TableName, Tables } from '$lib/core/tables';
import type { Transaction } from '$lib/storage/port';
import { stampAt, type Stamp } from './clock';
import { ASKING } from './grains';
import { keyFrom } from './keys';
import type { Pointer } from './leaves';
import { changeOf, merged } from './row-state';
import { BASE, keptOf, knownOf, stampsIn, stateOf, withLeaves } from './standing';
import { sentTable } from './synced';

/** Rows of the log in one transaction, and the touched rows after which no other is begun. */
const LOG_ROWS = 200;
const TOUCHED = 2_000;

/** What one transaction has done to a row. */
type Deed =
  { readonly did: 'made' } | { readonly did: 'gone' } | { readonly did: 'set'; readonly pointers: readonly Pointer[] };

/**
 * Takes the oldest part of the log into `syncRows`, in this transaction: gives each its stamp, by the instant at which it was written.
 * `greatest` and `device`: the clock's. Returns the greatest stamp now and whether there is more.
 */
export async function foldLog(
  transaction: Transaction,
  greatest: Stamp | null,
  device: string
): Promise<{ greatest: Stamp | null; isMore: boolean }> {
  const log = await transaction.query('syncLog', { limit: LOG_ROWS });
  const folded = new Map<string, { table: TableName; key: string; deeds: { deed: Deed; stamp: Stamp }[] }>();
  const done: SyncLogRow[] = [];
  let last = greatest;
  for (const row of log) {
    if (folded.size >= TOUCHED) break;
    const stamp = (last = stampAt(last, row.at, device));
    for (const [name, touched] of Object.entries(row.tables)) {
      const table = sentTable(name);
      if (table === undefined) continue;
      for (const [key, deed] of deedsOf(touched)) {
        const id = `${table} ${key}`;
        const one = folded.get(id);
        if (one === undefined) folded.set(id, { table, key, deeds: [{ deed, stamp }] });
        else one.deeds.push({ deed, stamp });
      }
    }
    done.push(row);
  }
  const rows = [...folded.values()];
  const kept = await transaction.getMany(
    'syncRows',
    rows.map(({ table, key }) => [table, key])
  );
  const changes: Change[] = done.map(({ id }) => ({ table: 'syncLog', id, delete: true }));
  for (const [index, { table, key, deeds }] of rows.entries()) {
    const before = kept[index];
    const present = ASKING.has(table) ? await transaction.get(table, keyFrom(table, key)) : undefined;
    const after = ASKING.has(table)
      ? askingAfter(table, key, before, present, deeds)
      : plainAfter(table, key, before, deeds);
    changes.push(keep(before, { ...after, unsent: 1, sent: knownOf(before) ?? undefined }));
  }
  await transaction.apply(changes);
  return { greatest: last, isMore: done.length < log.length || log.length === LOG_ROWS };
}

/** The change that keeps `after`. */
export function keep(before: SyncRow | undefined, after: SyncRow): Change {
  const id = [after.table, after.key];
  if (before === undefined) return { table: 'syncRows', id, create: after };
  const { made, gone, leaves, writings, sent, unsent } = after;
  return { table: 'syncRows', id, set: { made, gone, leaves, writings, sent, unsent } };
}

function* deedsOf({ made = [], gone = [], set = [] }: Touched): Iterable<[string, Deed]> {
  for (const key of made) yield [key, { did: 'made' }];
  for (const key of gone) yield [key, { did: 'gone' }];
  for (const [pointers, keys] of set) for (const key of keys) yield [key, { did: 'set', pointers }];
}

function plainAfter(
  table: TableName,
  key: string,
  before: SyncRow | undefined,
  deeds: readonly { deed: Deed; stamp: Stamp }[]
): SyncRow {
  let { made, gone, writings }: Pick<SyncRow, 'made' | 'gone' | 'writings'> = before ?? {
    made: deeds[0]?.deed.did === 'made' ? undefined : BASE
  };
  let stamps = stampsIn(before);
  for (const { deed, stamp } of deeds) {
    if (deed.did === 'set') {
      for (const pointer of deed.pointers) stamps[pointer] = stamp;
      continue;
    }
    // Nothing that was written before counts any more.
    stamps = {};
    writings = undefined;
    if (deed.did === 'made') made = stamp;
    else gone = stamp;
  }
  return withLeaves({ table, key, made, gone, writings }, stamps);
}

/** The row has values of both sides of a conflict beside it: they are compared with what is there now. */
function askingAfter<T extends TableName>(
  table: T,
  key: string,
  before: SyncRow | undefined,
  present: Tables[T] | undefined,
  deeds: readonly { deed: Deed; stamp: Stamp }[]
): SyncRow {
  let state = stateOf(table, before, undefined);
  for (const { deed, stamp } of deeds) {
    const change = changeOf(table, state, deed.did === 'gone' ? undefined : present, stamp);
    if (change !== null) state = merged(table, state, change);
  }
  return keptOf(table, key, state, {});
}
