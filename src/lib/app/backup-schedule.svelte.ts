import type { Result } from '$lib/core/result';
import type { KeptSchedule } from '$lib/storage/dexie/meta';
import type { BackupPlan } from '$lib/worker/drafts';
import { metaDatabase } from './database';
import { engine } from './engine';
import { liveIn } from './live.svelte';

/** What TypeScript does not know yet (File System Access). */
interface FolderPicker {
  showDirectoryPicker?: (options: { id: string; mode: 'readwrite' }) => Promise<FileSystemDirectoryHandle>;
}
interface Permitted {
  requestPermission?: (wanted: { mode: 'readwrite' }) => Promise<PermissionState>;
}

const schedule = liveIn(metaDatabase, async (meta) => (await meta.backups.get('schedule')) ?? null);

/** How backups are wanted on this device; null: not at all, undefined: not known yet. */
export function backupSchedule(): KeptSchedule | null | undefined {
  return schedule.value;
}

/** Whether this browser lets a page write into a folder of the person's. */
export function knowsFolders(): boolean {
  return (window as FolderPicker).showDirectoryPicker !== undefined;
}

/** Asks for the folder; null where the person changed their mind. */
export async function chooseFolder(): Promise<FileSystemDirectoryHandle | null> {
  try {
    return (await (window as FolderPicker).showDirectoryPicker?.({ id: 'ricochet', mode: 'readwrite' })) ?? null;
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') return null;
    throw error;
  }
}

/** From now on; but where it is a reminder, the first one is saved at once. */
export async function planBackups(plan: BackupPlan): Promise<Result<void>> {
  const { backups } = engine();
  await backups.plan(plan);
  return backups.run();
}

export function forgetBackups(): Promise<void> {
  return engine().backups.forget();
}

/** Saves one now: the browser asks the person where it has forgotten that it may. */
export async function backUpNow({ folder }: KeptSchedule): Promise<Result<void>> {
  if (folder !== null) await askAgain(folder);
  return engine().backups.run();
}

async function askAgain(folder: FileSystemDirectoryHandle & Permitted): Promise<void> {
  await folder.requestPermission?.({ mode: 'readwrite' });
}
