import type { Instant } from '$lib/core/instants';
import type { Result } from '$lib/core/result';
import { words, type Words } from '$lib/core/words';

/** `ricochet-20270115-093000.ricochet.json`, the instant in UTC: our own names, which sort by their time. Sealed: without `.json`. */
export function fileName(at: Instant, isSealed: boolean): string {
  const [day = '', time = ''] = new Date(at).toISOString().split('T');
  const stamp = `${day.replaceAll('-', '')}-${time.slice(0, 8).replaceAll(':', '')}`;
  return `ricochet-${stamp}.ricochet${isSealed ? '' : '.json'}`;
}

const OWN_NAME = /^ricochet-\d{8}-\d{6}\.ricochet(\.json)?$/;

/** Writes a new file. Where that fails, or is refused, nothing of it stays. */
export async function writeInto(
  folder: FileSystemDirectoryHandle,
  name: string,
  write: (stream: WritableStream<Uint8Array>) => Promise<Result<void>>
): Promise<Result<void>> {
  const file = await folder.getFileHandle(name, { create: true });
  try {
    // What is written counts from the moment on at which the stream is closed.
    const written = await write(await file.createWritable());
    if (!written.ok) await folder.removeEntry(name);
    return written;
  } catch (error) {
    await folder.removeEntry(name).catch(() => undefined);
    throw error;
  }
}

/** Removes the oldest files of our own names beyond so many. Whatever else is in the folder stays. */
export async function keepLatest(folder: FileSystemDirectoryHandle, keep: number): Promise<void> {
  const names: string[] = [];
  for await (const name of folder.keys()) if (OWN_NAME.test(name)) names.push(name);
  for (const name of names.sort().slice(0, Math.max(0, names.length - keep))) await folder.removeEntry(name);
}

/** What the browser knows, and TypeScript does not (File System Access, 'queryPermission'). */
interface Permitted {
  queryPermission?: (wanted: { mode: 'readwrite' }) => Promise<PermissionState>;
}

/** Whether it can be written to without asking the person again. */
export async function isAllowed(folder: FileSystemDirectoryHandle & Permitted): Promise<boolean> {
  return ((await folder.queryPermission?.({ mode: 'readwrite' })) ?? 'granted') === 'granted';
}

const REASONS: Readonly<Record<string, string>> = {
  NotFoundError: 'words.backup.folder_gone',
  NotAllowedError: 'words.backup.folder_locked',
  NoModificationAllowedError: 'words.backup.folder_locked',
  QuotaExceededError: 'words.backup.folder_full'
};

/** Why the folder could not be written to; null where that is not the folder's doing. */
export function folderProblem(error: unknown): Words | null {
  if (!(error instanceof DOMException)) return null;
  const key = REASONS[error.name];
  return key === undefined ? words('words.backup.folder_failed', { detail: error.name }) : words(key);
}
