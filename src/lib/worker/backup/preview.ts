import type { BackupCounts, BackupPreview } from '$lib/core/backup';
import type { Instant } from '$lib/core/instants';
import { failed, ok, type Result } from '$lib/core/result';
import type { Tables } from '$lib/core/tables';
import { words } from '$lib/core/words';
import { FILE_TABLES, WORKSPACE_VERSION, type FileSecrets, type FileTable } from '$lib/core/workspace-file';
import { readWorkspaceFile, type FilePart } from '$lib/storage/backup/read-file';
import type { Reader, Storage } from '$lib/storage/port';
import { isSent } from '$lib/sync/synced';
import { isOnItsWay } from '../syncing/rivals';
import { decided, type Decision } from './deciding';
import { isUnsent } from './taking';

/** Rows that are compared in one transaction. */
const BATCH = 1_000;

/**
 * Reads a workspace file to its end and says what is in it and what would become of it here. Nothing is written. Refused as
 * `readWorkspaceFile` refuses, and with `words.backup.stopped` where `goesOn`, which hears how many bytes are read, says so.
 */
export async function previewWorkspace(
  storage: Storage,
  pieces: AsyncIterable<Uint8Array>,
  { now, goesOn = () => true }: { now: Instant; goesOn?: (bytes: number) => boolean | Promise<boolean> }
): Promise<Result<BackupPreview>> {
  const tally = new Tally(storage, now);
  const read = await readWorkspaceFile(pieces, async (parts, bytes) => {
    await tally.take(parts);
    return (await goesOn(bytes)) ? ok(undefined) : failed(words('words.backup.stopped'));
  });
  return read.ok ? ok(await tally.result()) : read;
}

const NOTHING: BackupCounts = { inFile: 0, here: 0, inBoth: 0, added: 0, changed: 0 };

class Tally {
  private readonly counts = new Map<FileTable, BackupCounts>();
  private waiting = new Map<FileTable, Tables[FileTable][]>();
  private name = '';
  private version = WORKSPACE_VERSION;
  private savedAt: Instant | null = null;
  private secrets: FileSecrets | null = null;
  private journeysEnded = 0;
  private messagesCancelled = 0;
  private erased = 0;

  constructor(
    private readonly storage: Storage,
    private readonly now: Instant
  ) {}

  async take(parts: readonly FilePart[]): Promise<void> {
    for (const part of parts) {
      if (part.part === 'settings') this.name = part.settings.name;
      else if (part.part === 'version') this.version = part.version;
      else if (part.part === 'savedAt') this.savedAt = part.at;
      else if (part.part === 'secrets') this.secrets = part.secrets;
      else if (isSent(part.table)) this.add(part.table, part.row);
    }
    for (const [table, rows] of this.waiting) if (rows.length >= BATCH) await this.compare(table, rows);
  }

  async result(): Promise<BackupPreview> {
    for (const [table, rows] of this.waiting) await this.compare(table, rows);
    const tables = await this.storage.read(async (reader) => {
      const all: [FileTable, BackupCounts][] = [];
      for (const table of FILE_TABLES.filter(isSent)) {
        const counts = { ...(this.counts.get(table) ?? NOTHING), here: await reader.count(table) };
        all.push([table, counts]);
      }
      return Object.fromEntries(all);
    });
    const { name, version, savedAt, secrets, journeysEnded, messagesCancelled, erased } = this;
    return { name, version, savedAt, secrets, tables, journeysEnded, messagesCancelled, erased };
  }

  private add(table: FileTable, row: Tables[FileTable]): void {
    const some = this.waiting.get(table);
    if (some === undefined) this.waiting.set(table, [row]);
    else some.push(row);
  }

  private async compare(table: FileTable, rows: readonly Tables[FileTable][]): Promise<void> {
    this.waiting.delete(table);
    await this.storage.read(async (reader) => {
      const decisions = await decided(reader, table, rows, this.now);
      const before = this.counts.get(table) ?? NOTHING;
      const isThere = ({ before: row }: Decision): boolean => row !== undefined;
      const isDone = ({ after }: Decision): boolean => after !== null;
      this.counts.set(table, {
        ...before,
        inFile: before.inFile + rows.length,
        inBoth: before.inBoth + decisions.filter(isThere).length,
        added: before.added + decisions.filter((one) => isDone(one) && !isThere(one)).length,
        changed: before.changed + decisions.filter((one) => isDone(one) && isThere(one)).length
      });
      if (table === 'enrolments') this.countJourneys(decisions as Decision<'enrolments'>[]);
      if (table === 'outbox') this.countMessages(decisions as Decision<'outbox'>[]);
      if (table === 'tombstones') await this.countErased(reader, decisions as Decision<'tombstones'>[]);
    });
  }

  private countJourneys(decisions: readonly Decision<'enrolments'>[]): void {
    this.journeysEnded += decisions.filter(
      ({ before, theirs, after }) => before === undefined && after !== null && isOnItsWay(theirs)
    ).length;
  }

  private countMessages(decisions: readonly Decision<'outbox'>[]): void {
    this.messagesCancelled += decisions.filter(
      ({ theirs, after }) => after?.status === 'cancelled' && isUnsent(theirs)
    ).length;
  }

  private async countErased(reader: Reader, decisions: readonly Decision<'tombstones'>[]): Promise<void> {
    const ids = decisions.flatMap(({ before, theirs }) => (before === undefined ? theirs.id : []));
    this.erased += (await reader.getMany('contacts', ids)).filter((contact) => contact !== undefined).length;
  }
}
