import { DAY, type Instant, type Milliseconds } from './instants';
import type { Words } from './words';
import type { FileSecrets, FileTable } from './workspace-file';

/** How many rows of a table there are, in a file and here. */
export interface BackupCounts {
  readonly inFile: number;
  readonly here: number;
  readonly inBoth: number;
  /** Of the file's: those that a merge would add to what is here, and those that it would take in the place of it. */
  readonly added: number;
  readonly changed: number;
}

/** What is in a workspace file, and what restoring it would do here. */
export interface BackupPreview {
  /** The workspace's name. */
  readonly name: string;
  readonly version: number;
  /** Null where the file does not say, as one written by hand need not. */
  readonly savedAt: Instant | null;
  /** The provider keys that are in it, encrypted; null where there are none. */
  readonly secrets: FileSecrets | null;
  /** Of the tables that a merge looks at. */
  readonly tables: Readonly<Partial<Record<FileTable, BackupCounts>>>;
  /** What a merge would not go on with: journeys of the file that are under way, messages that have not left. */
  readonly journeysEnded: number;
  readonly messagesCancelled: number;
  /** People who are here, and of whom the file knows that they were erased. */
  readonly erased: number;
}

/** How a workspace file is written. `passphrase` null: to be read by anybody, without keys. */
export interface BackupOptions {
  readonly passphrase: string | null;
  /** All of it is encrypted. */
  readonly isSealed: boolean;
  /** With the provider keys, encrypted in any case. */
  readonly withKeys: boolean;
}

export const BACKUP_INTERVALS = ['day', 'week'] as const;
export type BackupInterval = (typeof BACKUP_INTERVALS)[number];

export const INTERVAL_LENGTHS: Readonly<Record<BackupInterval, Milliseconds>> = { day: DAY, week: 7 * DAY };

/** How often a backup is wanted on this device, and how that goes. It is of the device, not of the workspace. */
export interface BackupSchedule {
  readonly every: BackupInterval;
  /** How many are kept where they go; the oldest are taken away. */
  readonly keep: number;
  /** Since when it is wanted. */
  readonly since: Instant;
  /** The last one that was saved, by itself or by hand; null: none yet. */
  readonly savedAt: Instant | null;
  /** Why the last one could not be. */
  readonly problem: Words | null;
}

/** Whether one is due at `now`, an instant in epoch ms. */
export function isBackupDue({ every, since, savedAt }: BackupSchedule, now: Instant): boolean {
  return now >= (savedAt ?? since) + INTERVAL_LENGTHS[every];
}

/** A backup on the remote that devices share, whole by its manifest. `problem`: why that says nothing; then it is null what else it would say. */
export interface StoredBackup {
  readonly id: string;
  /** In epoch ms. */
  readonly at: Instant;
  /** What the device that has saved it is called. */
  readonly device: string | null;
  /** In bytes, as it lies there. */
  readonly size: number | null;
  readonly problem: Words | null;
}
