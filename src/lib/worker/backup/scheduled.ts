import { isBackupDue } from '$lib/core/backup';
import { MINUTE, type Instant, type Milliseconds } from '$lib/core/instants';
import { failed, ok, type Result } from '$lib/core/result';
import type { Timers } from '$lib/core/timers';
import { words } from '$lib/core/words';
import { exportWorkspace } from '$lib/storage/backup/export';
import { sealedExport } from '$lib/storage/backup/sealed-export';
import type { KeptSchedule, MetaDatabase } from '$lib/storage/dexie/meta';
import { StorageFailure, toStorageFailure } from '$lib/storage/failures';
import { sealingKey } from '$lib/storage/keys/ciphers';
import type { Storage } from '$lib/storage/port';
import type { BackupPlan } from '../drafts';
import type { SharedBackups } from './shared';
import { fileName, folderProblem, isAllowed, keepLatest, writeInto } from './folder';

/** After the start, which has enough to do, and from then on. */
const FIRST: Milliseconds = MINUTE;
const EVERY: Milliseconds = 30 * MINUTE;

/**
 * Saves the workspace into a folder of the person's, or to the remote that devices share, day by day or week by week while the app is
 * open, and keeps the last ones: without the provider keys, and in a folder under a passphrase where that is wished. In one tab alone:
 * the one that has the right to run the engine.
 */
export class ScheduledBackups {
  constructor(
    private readonly parts: {
      readonly storage: Storage;
      readonly meta: Pick<MetaDatabase, 'backups'>;
      readonly now: () => Instant;
      readonly timers: Timers;
      readonly right: { readonly isHeld: boolean };
      readonly shared: Pick<SharedBackups, 'isDue' | 'save'>;
      /** One at a time, over all tabs. */
      readonly alone: <T>(work: () => Promise<T>) => Promise<T>;
    }
  ) {}

  start(): void {
    this.wake(FIRST);
  }

  /** From now on, in the place of what was wanted before. */
  async plan({ passphrase, ...plan }: BackupPlan): Promise<void> {
    const { meta, now } = this.parts;
    const key = passphrase === null ? null : await sealingKey(passphrase);
    await meta.backups.put({ id: 'schedule', ...plan, key, since: now(), savedAt: null, problem: null });
  }

  async forget(): Promise<void> {
    await this.parts.meta.backups.delete('schedule');
  }

  /** Whoever has just saved one by hand need not be reminded. */
  async saved(): Promise<void> {
    await this.parts.meta.backups.update('schedule', { savedAt: this.parts.now() });
  }

  /** Saves one now, where it is known into what; what hinders it is kept as well, to be shown. */
  run(): Promise<Result<void>> {
    return this.parts.alone(async () => {
      const schedule = await this.parts.meta.backups.get('schedule');
      return schedule ? this.save(schedule) : ok(undefined);
    });
  }

  /** Saves one where it is due and this tab is the one. */
  async look(): Promise<void> {
    const { meta, right, alone } = this.parts;
    if (!right.isHeld) return;
    await alone(async () => {
      // Asked within the lock: another tab may just have saved it.
      const schedule = await meta.backups.get('schedule');
      if (schedule && (await this.isDue(schedule))) await this.save(schedule);
    });
  }

  private async isDue(schedule: KeptSchedule): Promise<boolean> {
    const { now, shared } = this.parts;
    if (schedule.isShared === true) return shared.isDue(schedule);
    return schedule.savedAt === null || isBackupDue(schedule, now());
  }

  private wake(delay: Milliseconds): void {
    this.parts.timers.after(delay, () => void this.look().finally(() => this.wake(EVERY)));
  }

  private async save(schedule: KeptSchedule): Promise<Result<void>> {
    const { meta, now } = this.parts;
    const { folder, isShared = false } = schedule;
    if (folder === null && !isShared) return ok(undefined);
    const saved = await orFailure(folder === null ? this.parts.shared.save(schedule) : this.written(schedule, folder));
    // That another device does it is no trouble of this one's.
    const isOthers = !saved.ok && saved.reason.key === 'words.backup.other_runs';
    const set = saved.ok ? { savedAt: now(), problem: null } : { problem: isOthers ? null : saved.reason };
    await meta.backups.update('schedule', set);
    return saved;
  }

  private async written({ key, keep }: KeptSchedule, folder: FileSystemDirectoryHandle): Promise<Result<void>> {
    const { storage, now } = this.parts;
    const options = { now: now(), secrets: null };
    const name = fileName(now(), key !== null);
    try {
      if (!(await isAllowed(folder))) return failed(words('words.backup.folder_locked'));
      const result = await writeInto(folder, name, (stream) =>
        key === null
          ? exportWorkspace(storage, stream, options)
          : sealedExport(stream, key, (plain) => exportWorkspace(storage, plain, options))
      );
      if (result.ok) await keepLatest(folder, keep);
      return result;
    } catch (error) {
      const problem = folderProblem(error);
      if (problem !== null) return failed(problem);
      throw error;
    }
  }
}

async function orFailure(saving: Promise<Result<void>>): Promise<Result<void>> {
  try {
    return await saving;
  } catch (error) {
    const failure = toStorageFailure(error);
    if (failure instanceof StorageFailure) return failed(failure.words);
    throw error;
  }
}
