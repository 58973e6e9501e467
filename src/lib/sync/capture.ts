import { applyChange, type Change, type ChangeOf } from '$lib/core/changes';
import type { Given } from '$lib/core/ids';
import type { SyncLogRow, Touched } from '$lib/core/rows/sync';
import type { Key, TableName, Tables } from '$lib/core/tables';
import type { Before, Capture, Transaction } from '$lib/storage/port';
import { keyName } from './keys';
import { isSameLeaf, leavesOf, type Pointer } from './leaves';
import { isDerivedKey, isSent } from './synced';

const APPLIED = new WeakSet<Change>();

/** Changes that came from other devices: they are not told to them again. */
export function asApplied(changes: readonly Change[]): readonly Change[] {
  for (const change of changes) APPLIED.add(change);
  return changes;
}

/**
 * Writes down in each transaction what it has touched, in one row and without values, while this device syncs. `given` is asked at each
 * commit for the instant, in epoch ms, and for ids that no other tab gives.
 */
export function syncCapture(given: () => Given): Capture {
  return async (changes, transaction, before) => {
    if ((await transaction.get('runtime', 'sync')) === undefined) return;
    const { now, newId } = given();
    const tables = await touchedBy(changes, transaction, before);
    if (Object.keys(tables).length === 0) return;
    const row: SyncLogRow = { id: newId(), at: now, tables };
    await transaction.apply([{ table: 'syncLog', id: row.id, create: row }]);
  };
}

interface RowTouch {
  readonly id: Key;
  isMade: boolean;
  isGone: boolean;
  wasThere: boolean;
  readonly properties: Set<string>;
  /** What came from another device first, in the same transaction: the row as that left it is what is changed. */
  readonly applied: Change[];
}

async function touchedBy(
  changes: readonly Change[],
  transaction: Transaction,
  before: Before
): Promise<Record<string, Touched>> {
  const tables: Record<string, Touched> = {};
  for (const [table, rows] of touches(changes)) {
    const made: string[] = [];
    const gone: string[] = [];
    const set = new Map<string, [Pointer[], string[]]>();
    for (const [name, touch] of rows) {
      if (touch.isGone) {
        if (touch.wasThere) gone.push(name);
      } else if (touch.isMade) made.push(name);
      else {
        const pointers = changedLeaves(table, touch, before, await transaction.get(table, touch.id));
        if (pointers.length === 0) continue;
        const group = set.get(JSON.stringify(pointers));
        if (group === undefined) set.set(JSON.stringify(pointers), [pointers, [name]]);
        else group[1].push(name);
      }
    }
    if (made.length + gone.length + set.size > 0)
      tables[table] = {
        ...(made.length > 0 ? { made } : {}),
        ...(gone.length > 0 ? { gone } : {}),
        ...(set.size > 0 ? { set: [...set.values()] } : {})
      };
  }
  return tables;
}

function touches(changes: readonly Change[]): Map<TableName, Map<string, RowTouch>> {
  const tables = new Map<TableName, Map<string, RowTouch>>();
  for (const change of changes) {
    if (!isSent(change.table) || isDerivedKey(change.table, change.id)) continue;
    let rows = tables.get(change.table);
    if (rows === undefined) tables.set(change.table, (rows = new Map<string, RowTouch>()));
    const name = keyName(change.id);
    let touch = rows.get(name);
    if (touch === undefined) rows.set(name, (touch = newTouch(change)));
    if (APPLIED.has(change)) {
      touch.applied.push(change);
      continue;
    }
    if (change.delete) {
      touch.isGone = true;
      touch.isMade = false;
    } else if (change.create !== undefined) {
      touch.isMade = true;
      touch.isGone = false;
    } else for (const path of pathsOf(change)) touch.properties.add(path.split('.', 1)[0] as string);
  }
  return tables;
}

function newTouch(change: Change): RowTouch {
  const wasThere = change.create === undefined || APPLIED.has(change);
  return { id: change.id, isMade: false, isGone: false, wasThere, properties: new Set(), applied: [] };
}

function pathsOf({ set, addToSet, removeFromSet }: Change): string[] {
  return [set, addToSet, removeFromSet].flatMap((paths) => (paths === undefined ? [] : Object.keys(paths)));
}

/** Of the properties that were touched, the leaves that are not as they were. */
function changedLeaves(
  table: TableName,
  { id, properties, applied }: RowTouch,
  before: Before,
  after: Tables[TableName] | undefined
): Pointer[] {
  if (after === undefined || properties.size === 0) return [];
  let known = before(table, id);
  for (const change of applied) known = applyChange(known, change as ChangeOf<TableName>);
  if (known === undefined) return [];
  const was = leavesOf(table, only(known, properties));
  const is = leavesOf(table, only(after, properties));
  const changed: Pointer[] = [];
  for (const [pointer, leaf] of is) if (!isSameLeaf(was.get(pointer) ?? null, leaf)) changed.push(pointer);
  for (const pointer of was.keys()) if (!is.has(pointer)) changed.push(pointer);
  return changed;
}

function only(row: object, properties: ReadonlySet<string>): object {
  return Object.fromEntries(Object.entries(row).filter(([name]) => properties.has(name)));
}
