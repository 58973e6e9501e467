import { remove, update, type Change } from '$lib/core/changes';
import type { SyncRow } from '$lib/core/rows/sync';
import type { TableName } from '$lib/core/tables';
import type { Reader, Transaction } from '$lib/storage/port';
import { MOST_ENTRIES, MOST_TEXT, type Entry } from './batches';
import { latest } from './clock';
import { entryOf } from './entries';
import { keyFrom } from './keys';
import { greatestOf, isFact } from './standing';
import { sentTable } from './synced';

/** What is to be sent, with what was kept of it when it was read. */
export interface Unsent {
  readonly entries: readonly Entry[];
  readonly rows: readonly SyncRow[];
}

/** As much of what others have not been told as one batch holds; no rows where that is nothing. */
export async function unsentPart(reader: Reader): Promise<Unsent> {
  const waiting = await reader.query('syncRows', { index: 'unsent', equals: 1, limit: MOST_ENTRIES });
  const present = await presentRows(reader, waiting);
  const entries: Entry[] = [];
  const rows: SyncRow[] = [];
  let size = 0;
  for (const kept of waiting) {
    if (size > MOST_TEXT) break;
    rows.push(kept);
    const table = sentTable(kept.table);
    if (table === undefined) continue;
    const entry = entryOf(table, kept, present.get(`${kept.table} ${kept.key}`) as never);
    if (entry === null) continue;
    entries.push(entry);
    size += JSON.stringify(entry).length;
  }
  return { entries, rows };
}

async function presentRows(reader: Reader, rows: readonly SyncRow[]): Promise<Map<string, object>> {
  const tables = new Map<TableName, string[]>();
  for (const { table: name, key } of rows) {
    const table = sentTable(name);
    if (table === undefined) continue;
    const keys = tables.get(table);
    if (keys === undefined) tables.set(table, [key]);
    else keys.push(key);
  }
  const present = new Map<string, object>();
  for (const [table, keys] of tables) {
    const found = await reader.getMany(
      table,
      keys.map((key) => keyFrom(table, key))
    );
    for (const [index, row] of found.entries()) if (row) present.set(`${table} ${keys[index] ?? ''}`, row);
  }
  return present;
}

/** Writes down that others have these: what was written to a row since it was read is still to be sent. */
export async function markSent(transaction: Transaction, rows: readonly SyncRow[]): Promise<void> {
  const now = await transaction.getMany(
    'syncRows',
    rows.map(({ table, key }) => [table, key])
  );
  const changes: Change[] = [];
  for (const [index, read] of rows.entries()) {
    const kept = now[index];
    if (kept === undefined) continue;
    const id = [kept.table, kept.key];
    const isAll = JSON.stringify({ ...kept, sent: null }) === JSON.stringify({ ...read, sent: null });
    if (!isAll)
      changes.push(update('syncRows', id, { sent: latest(kept.sent ?? null, greatestOf(read)) ?? undefined }));
    else if (isFact(kept.table, kept)) changes.push(remove('syncRows', id));
    else changes.push(update('syncRows', id, { sent: undefined, unsent: undefined }));
  }
  await transaction.apply(changes);
}
