import * as Comlink from 'comlink';
import type { BackupOptions, BackupPreview, StoredBackup } from '$lib/core/backup';
import type { Result } from '$lib/core/result';
import type { FileSecrets } from '$lib/core/workspace-file';
import type { Progress } from '$lib/worker/drafts';
import { engine } from './engine';
import { download } from './files';

export { isSealedFile } from '$lib/storage/backup/sealed-head';

interface Picker {
  showSaveFilePicker?: (options: {
    suggestedName: string;
    types: { description: string; accept: Record<string, string[]> }[];
  }) => Promise<{ createWritable(): Promise<WritableStream<Uint8Array>> }>;
}

/** A file as the person is asked where to put it. */
interface FileToSave {
  readonly name: string;
  /** What kind of file it is, in words. */
  readonly kind: string;
}

/** Writes the workspace into a file: where the person says, or where the browser puts downloads. Null where they changed their mind. */
export async function exportWorkspace(
  file: FileToSave,
  options: BackupOptions,
  onProgress: (progress: Progress) => void
): Promise<Result<void> | null> {
  const pieces: BlobPart[] = [];
  const type = options.isSealed ? 'application/octet-stream' : 'application/json';
  const target = await targetFor(file, type, pieces);
  if (!target) return null;
  // A file's own stream cannot go to a worker: what can is piped into it.
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  const written = readable.pipeTo(target);
  const result = await engine().workspace.exportTo(Comlink.transfer(writable, [writable]), options, heard(onProgress));
  if (!result.ok) {
    written.catch(() => undefined);
    await target.abort().catch(() => undefined);
    return result;
  }
  await written;
  if (pieces.length > 0) download(file.name, new Blob(pieces, { type }));
  return result;
}

/** What is in a workspace file, and what would become of it here. `goesOn` hears how far it is read; false stops it. */
export function previewWorkspace(
  file: File,
  passphrase: string | null,
  goesOn: (progress: Progress) => boolean
): Promise<Result<BackupPreview>> {
  return engine().workspace.preview(file, { passphrase }, Comlink.proxy(goesOn));
}

/** Takes a file that was looked through into what is here. */
export function mergeWorkspace(
  file: File,
  options: { passphrase: string | null; secrets: FileSecrets | null },
  onProgress: (progress: Progress) => void
): Promise<Result<void>> {
  return engine().workspace.merge(file, options, heard(onProgress));
}

/** Replaces the workspace by what the file holds; every tab then loads again. */
export function restoreWorkspace(
  file: File,
  passphrase: string | null,
  onProgress: (progress: Progress) => void
): Promise<Result<void>> {
  return engine().workspace.restore(file, { passphrase }, heard(onProgress));
}

/** The backups on the remote that devices share, the latest first. */
export function storedBackups(): Promise<Result<readonly StoredBackup[]>> {
  return engine().backups.stored();
}

/** The workspace file that one of them is. `goesOn` hears how far it is here; false stops it. */
export function fetchBackup(id: string, goesOn: (progress: Progress) => boolean): Promise<Result<Blob>> {
  return engine().backups.fetch(id, Comlink.proxy(goesOn));
}

export function removeBackup(id: string): Promise<Result<void>> {
  return engine().backups.remove(id);
}

/** For the worker to call: what the screen's function returns stays here. */
function heard(onProgress: (progress: Progress) => void): (progress: Progress) => void {
  return Comlink.proxy((progress: Progress) => {
    onProgress(progress);
  });
}

async function targetFor(
  { name, kind }: FileToSave,
  type: string,
  pieces: BlobPart[]
): Promise<WritableStream<Uint8Array> | null> {
  const { showSaveFilePicker } = window as Picker;
  if (!showSaveFilePicker)
    return new WritableStream({
      write: (piece) => {
        pieces.push(piece as Uint8Array<ArrayBuffer>);
      }
    });
  try {
    const ending = name.slice(name.lastIndexOf('.'));
    const handle = await showSaveFilePicker({
      suggestedName: name,
      types: [{ description: kind, accept: { [type]: [ending] } }]
    });
    return await handle.createWritable();
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') return null;
    throw error;
  }
}
