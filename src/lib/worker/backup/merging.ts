import type { Change } from '$lib/core/changes';
import type { Instant } from '$lib/core/instants';
import { ok, type Result } from '$lib/core/result';
import type { SyncStanding } from '$lib/core/rows/events';
import type { Secret } from '$lib/core/rows/messages';
import type { Tables } from '$lib/core/tables';
import type { FileTable } from '$lib/core/workspace-file';
import { readWorkspaceFile, type FilePart } from '$lib/storage/backup/read-file';
import type { Storage, Transaction } from '$lib/storage/port';
import { marked } from '$lib/sync/baseline';
import { asApplied } from '$lib/sync/capture';
import { keyName } from '$lib/sync/keys';
import { changeOfRow, type Received } from '$lib/sync/receiving';
import { joiningStamp } from '$lib/sync/standing';
import { foldAll } from '../syncing/applying';
import { settle } from '../syncing/settling';
import { decided, type Decision } from './deciding';

export interface MergeOptions {
  readonly now: () => Instant;
  /** The file's provider keys, encrypted for this device already. */
  readonly secrets: readonly Secret[];
  readonly onBytes?: (done: number) => void;
}

/** Rows in one transaction. */
const BATCH = 500;

/**
 * Takes a workspace file into the workspace that is here, as `taken` says of each row. It begins to write before the file is read to its
 * end: one that nobody has read through may be refused in the middle. Cut off, it can be done again; done twice, it comes to the same.
 */
export async function mergeWorkspace(
  storage: Storage,
  pieces: AsyncIterable<Uint8Array>,
  { now, secrets, onBytes }: MergeOptions
): Promise<Result<void>> {
  const waiting: Row[] = [];
  const take = async (parts: readonly FilePart[], bytes: number): Promise<Result<void>> => {
    for (const part of parts) if (part.part === 'row') waiting.push(part);
    while (waiting.length >= BATCH) await mergeRows(storage, waiting.splice(0, BATCH), now());
    onBytes?.(bytes);
    return ok(undefined);
  };
  const read = await readWorkspaceFile(pieces, take);
  if (!read.ok) return read;
  await mergeRows(storage, waiting, now());
  await storage.transact(async (transaction) => {
    const present = await transaction.getMany('secrets', secrets.map(({ id }) => id)); // prettier-ignore
    const missing = secrets.filter((_, index) => present[index] === undefined);
    await transaction.apply(missing.map((row) => ({ table: 'secrets', id: row.id, create: row })));
  });
  return read;
}

type Row = Extract<FilePart, { part: 'row' }>;

async function mergeRows(storage: Storage, rows: readonly Row[], now: Instant): Promise<void> {
  await storage.transact(async (transaction) => {
    const standing = await foldedStanding(transaction);
    const received: Received[] = [];
    for (const [table, some] of byTable(rows)) {
      const decisions = await decided(transaction, table, some, now);
      received.push(...(await carriedOut(transaction, table, decisions, standing)));
    }
    await settle(transaction, received, { now, runs: true });
  });
}

/** Null where this device does not sync. The log is folded, so that it is known what was deleted here. */
async function foldedStanding(transaction: Transaction): Promise<SyncStanding | null> {
  const standing = await transaction.get('runtime', 'sync');
  if (standing?.id !== 'sync') return null;
  const greatest = await foldAll(transaction, standing);
  await transaction.apply([{ table: 'runtime', id: 'sync', set: { greatest } }]);
  return standing;
}

function byTable(rows: readonly Row[]): Map<FileTable, Tables[FileTable][]> {
  const tables = new Map<FileTable, Tables[FileTable][]>();
  for (const { table, row } of rows) {
    const some = tables.get(table);
    if (some === undefined) tables.set(table, [row]);
    else some.push(row);
  }
  return tables;
}

/**
 * To other devices, what is added is as old as what a device has that joins them: what they have of it, or have deleted, holds. What is
 * changed is a change made now.
 */
async function carriedOut(
  transaction: Transaction,
  table: FileTable,
  decisions: readonly Decision[],
  standing: SyncStanding | null
): Promise<Received[]> {
  const names = decisions.map(({ key }) => [table, keyName(key)]);
  const kept = standing === null ? [] : await transaction.getMany('syncRows', names);
  const received: Received[] = [];
  const changed: Change[] = [];
  const added: Change[] = [];
  const beside: Change[] = [];
  for (const [index, { key, before, after }] of decisions.entries()) {
    const change = after === null ? null : changeOfRow(table, key, before, after);
    const known = kept[index];
    const isDeletedHere = before === undefined && known?.gone !== undefined;
    if (change === null || after === null || isDeletedHere) continue;
    received.push({ table, key, before, after });
    if (before === undefined && known === undefined && standing !== null) {
      added.push(change);
      beside.push(marked(table, keyName(key), after, joiningStamp(standing.device)));
    } else changed.push(change);
  }
  await transaction.apply([...asApplied(added), ...changed]);
  await transaction.apply(beside);
  return received;
}
