import { INTERVAL_LENGTHS, isBackupDue, type StoredBackup } from '$lib/core/backup';
import type { Instant } from '$lib/core/instants';
import { failed, type Result } from '$lib/core/result';
import { words } from '$lib/core/words';
import { exportWorkspace } from '$lib/storage/backup/export';
import type { KeptSchedule, MetaDatabase } from '$lib/storage/dexie/meta';
import type { Storage } from '$lib/storage/port';
import { fetchBackup } from '$lib/sync/backups/fetching';
import { packedFile } from '$lib/sync/backups/packing';
import { keepLatest, latestBackup, removeBackup, storedBackups, sweepBroken } from '$lib/sync/backups/shelf';
import { PIECE, storeBackup } from '$lib/sync/backups/storing';
import { backupId } from '$lib/sync/names';
import type { OpenShelf } from '../syncing/connecting';

export interface SharedBackupParts {
  readonly storage: Storage;
  readonly meta: Pick<MetaDatabase, 'backups'>;
  readonly now: () => Instant;
  /** Of small letters and digits, and nobody's. */
  readonly newName: () => string;
  readonly shelf: () => Promise<Result<OpenShelf>>;
  /** That to run the automations, among the devices. */
  readonly right: { readonly isHeld: boolean };
  /** Of one piece, in bytes. */
  readonly piece?: number;
}

/**
 * Backups on the remote that devices share, under its data key, without the provider keys: saved by the device that runs the automations
 * alone, so that there are not as many as there are devices.
 */
export class SharedBackups {
  constructor(private readonly parts: SharedBackupParts) {}

  /** Whether one is to be saved now: here, and not by another device that has done it. What another has saved is written down. */
  async isDue(schedule: KeptSchedule): Promise<boolean> {
    const { meta, now, right, shelf } = this.parts;
    if (!right.isHeld) return false;
    const open = await shelf();
    // What hinders it is said by the attempt.
    if (!open.ok) return isBackupDue(schedule, now());
    // Under a new key there is none.
    if (schedule.generation !== undefined && schedule.generation !== open.value.seal.generation) return true;
    if (schedule.savedAt !== null && !isBackupDue(schedule, now())) return false;
    const latest = await latestBackup(open.value);
    if (!latest.ok || latest.value === null) return true;
    const age = now() - latest.value;
    const isFresh = age >= 0 && age < INTERVAL_LENGTHS[schedule.every];
    if (isFresh) await meta.backups.update('schedule', { savedAt: latest.value, problem: null });
    return !isFresh;
  }

  /** Refused where another device runs the automations; else saves one and takes the oldest away. Cut off, the next one sweeps. */
  async save({ begun = null, keep }: KeptSchedule): Promise<Result<void>> {
    const { storage, meta, now, newName, right, piece = PIECE } = this.parts;
    if (!right.isHeld) return failed(words('words.backup.other_runs'));
    const open = await this.parts.shelf();
    if (!open.ok) return open;
    const shelf = open.value;
    const swept = await sweepBroken(shelf, { begun, now: now() });
    if (!swept.ok) return swept;
    const at = now();
    // Packed before the first piece leaves: a table is read after the other, while the engine goes on.
    const packed = await packedFile((stream) => exportWorkspace(storage, stream, { now: at, secrets: null }));
    if (!packed.ok) return packed;
    const id = backupId(at, newName());
    await meta.backups.update('schedule', { begun: id });
    const backup = { id, at, device: shelf.device, packed: packed.value, piece };
    const stored = await storeBackup(shelf, backup, () => right.isHeld);
    if (!stored.ok) {
      // Where this fails too, the next one sweeps.
      const removed = await removeBackup(shelf, id);
      if (removed.ok) await meta.backups.update('schedule', { begun: null });
      return stored;
    }
    await meta.backups.update('schedule', { begun: null, savedAt: at, generation: shelf.seal.generation });
    const kept = await keepLatest(shelf, keep);
    return kept.ok ? kept : failed(words('words.backup.oldest_stay', { reason: kept.reason }));
  }

  /** Those on the remote, the latest first, whichever device has saved them. */
  async stored(): Promise<Result<readonly StoredBackup[]>> {
    const open = await this.parts.shelf();
    return open.ok ? storedBackups(open.value) : open;
  }

  /** The workspace file that one of them is. */
  async fetch(
    id: string,
    goesOn?: (progress: { done: number; total: number }) => boolean | Promise<boolean>
  ): Promise<Result<Blob>> {
    const open = await this.parts.shelf();
    return open.ok ? fetchBackup(open.value, id, goesOn) : open;
  }

  async remove(id: string): Promise<Result<void>> {
    const open = await this.parts.shelf();
    return open.ok ? removeBackup(open.value, id) : open;
  }
}
