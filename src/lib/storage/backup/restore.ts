import { create, remove, type Change } from '$lib/core/changes';
import type { NewId } from '$lib/core/ids';
import { failed, ok, type Result } from '$lib/core/result';
import type { Secret } from '$lib/core/rows/messages';
import { keyOf, type Tables } from '$lib/core/tables';
import { words } from '$lib/core/words';
import type { FileSecrets, FileTable } from '$lib/core/workspace-file';
import { identitiesOf, identityKey } from '$lib/records/contacts/identity';
import Dexie from 'dexie';
import type { MetaDatabase } from '../dexie/meta';
import { openStorage } from '../dexie/storage';
import { StorageFailure, toStorageFailure } from '../failures';
import { Conflict, type Storage } from '../port';
import { rollupChanges } from '../rollup-changes';
import { piecesOf } from './pieces';
import { readWorkspaceFile, type FilePart, type ReadOptions } from './read-file';

export interface RestoreOptions extends ReadOptions {
  readonly meta: MetaDatabase;
  readonly newId: NewId;
  /** Of a file that is encrypted as a whole. */
  readonly passphrase?: string | null;
  /** Encrypts the file's provider keys for this device; null leaves them where they are. */
  readonly secrets: ((secrets: FileSecrets) => Promise<Result<readonly Secret[]>>) | null;
  readonly onProgress?: (progress: { done: number; total: number }) => void;
  /** Rows in one transaction. */
  readonly batch?: number;
}

const BATCH = 2_000;

/**
 * Streams a workspace file into a new database and makes that the workspace once all of it is in; the one before is then deleted. Until
 * then nothing changes: a restore that is refused, or interrupted, leaves the present workspace as it is, and what it had written is
 * swept away, at the latest when the app next starts. Afterwards every tab must open the database anew. Returns its name.
 */
export async function restoreWorkspace(file: Blob, options: RestoreOptions): Promise<Result<string>> {
  const { meta, newId } = options;
  return aloneRestoring(async () => {
    const name = `ricochet-${newId()}`;
    await meta.announce(name);
    const storage = await openStorage({ name });
    const filled = await fill(storage, file, options).catch(toResult).finally(() => storage.close()); // prettier-ignore
    if (!filled.ok) {
      await Dexie.delete(name);
      await meta.retract(name);
      return filled;
    }
    await meta.switchTo(name);
    await meta.sweep();
    return ok(name);
  });
}

/** Deletes what interrupted restores have left behind: at the start of the app. Does nothing while a tab restores. */
export async function sweepRestores(meta: MetaDatabase): Promise<void> {
  if (!hasLocks()) return meta.sweep();
  await navigator.locks.request(LOCK, { ifAvailable: true }, (lock) => (lock === null ? undefined : meta.sweep()));
}

const LOCK = 'ricochet-restore';

function aloneRestoring<T>(work: () => Promise<T>): Promise<T> {
  return hasLocks() ? navigator.locks.request(LOCK, work) : work();
}

function hasLocks(): boolean {
  return typeof navigator !== 'undefined' && 'locks' in navigator;
}

async function fill(storage: Storage, file: Blob, options: RestoreOptions): Promise<Result<void>> {
  const { passphrase = null, secrets, onProgress, batch = BATCH } = options;
  let waiting: Change[] = [];
  const tables = new Set<FileTable>();
  let committed: Promise<void> = Promise.resolve();
  // One batch is written while the next is read: never more.
  const commit = async (): Promise<void> => {
    await committed;
    committed = storage.commit(waiting);
    committed.catch(() => undefined);
    waiting = [];
  };
  const take = async (parts: readonly FilePart[], bytes: number): Promise<Result<void>> => {
    for (const part of parts) {
      if (part.part === 'row') {
        waiting.push(createRow(part.table, part.row));
        tables.add(part.table);
      } else if (part.part === 'settings') waiting.push(create('settings', 'workspace', part.settings));
      else if (part.part === 'secrets' && secrets !== null) {
        const rows = await secrets(part.secrets);
        if (!rows.ok) return rows;
        for (const row of rows.value) waiting.push(create('secrets', row.id, row));
      }
      if (waiting.length >= batch) await commit();
    }
    onProgress?.({ done: bytes, total: file.size });
    return ok(undefined);
  };
  const read = await readWorkspaceFile(piecesOf(file, passphrase), take, options);
  if (!read.ok) {
    await committed.catch(() => undefined);
    return read;
  }
  await commit();
  await committed;
  if (!tables.has('identities')) await deriveIdentities(storage, batch);
  if (!tables.has('rollups')) await deriveRollups(storage, batch);
  return read;
}

function createRow(table: FileTable, row: Tables[FileTable]): Change {
  return create(table, keyOf(table, row as never), row as never) as Change;
}

/** A file written by hand may hold contacts alone: who they are follows. Of two with one address the later one has it. */
async function deriveIdentities(storage: Storage, size: number): Promise<void> {
  for await (const contacts of storage.batches('contacts', size)) {
    const identities = contacts.filter(({ mergedInto }) => mergedInto === undefined).flatMap(identitiesOf);
    await storage.commit(
      identities.flatMap((identity) => {
        const key = identityKey(identity);
        return [remove('identities', key), create('identities', key, identity)];
      })
    );
  }
}

/** A file from before there were roll-ups, or written by hand. */
async function deriveRollups(storage: Storage, size: number): Promise<void> {
  for await (const events of storage.batches('events', size))
    await storage.transact(async (transaction) => transaction.apply(await rollupChanges(transaction, events)));
}

function toResult(error: unknown): Result<void> {
  if (error instanceof Conflict)
    return failed(words('words.backup.twice', { table: error.table, id: String(error.id) }));
  const failure = toStorageFailure(error);
  if (failure instanceof StorageFailure) return failed(failure.words);
  throw error;
}
