import * as Comlink from 'comlink';
import type { Result } from '$lib/core/result';
import type { Progress } from '$lib/worker/drafts';
import { engine } from './engine';
import { download } from './files';

interface Picker {
  showSaveFilePicker?: (options: {
    suggestedName: string;
    types: { description: string; accept: Record<string, string[]> }[];
  }) => Promise<{ createWritable(): Promise<WritableStream<Uint8Array>> }>;
}

/**
 * Writes the workspace into a file: where the person says, or where the browser puts downloads. `passphrase`: with the provider keys,
 * encrypted under it. Null where the person changed their mind.
 */
export async function exportWorkspace({
  name,
  kind,
  passphrase,
  onProgress
}: {
  name: string;
  kind: string;
  passphrase: string | null;
  onProgress: (progress: Progress) => void;
}): Promise<Result<void> | null> {
  const pieces: BlobPart[] = [];
  const target = await targetFor(name, kind, pieces);
  if (!target) return null;
  // A file's own stream cannot go to a worker: what can is piped into it.
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  const written = readable.pipeTo(target);
  const result = await engine().workspace.exportTo(
    Comlink.transfer(writable, [writable]),
    { passphrase },
    heard(onProgress)
  );
  if (!result.ok) {
    written.catch(() => undefined);
    await target.abort().catch(() => undefined);
    return result;
  }
  await written;
  if (pieces.length > 0) download(name, new Blob(pieces, { type: 'application/json' }));
  return result;
}

/** Replaces the workspace by what the file holds; every tab then loads again. */
export function restoreWorkspace(
  file: File,
  passphrase: string | null,
  onProgress: (progress: Progress) => void
): Promise<Result<void>> {
  return engine().workspace.restore(file, { passphrase }, heard(onProgress));
}

/** For the worker to call: what the screen's function returns stays here. */
function heard(onProgress: (progress: Progress) => void): (progress: Progress) => void {
  return Comlink.proxy((progress: Progress) => {
    onProgress(progress);
  });
}

async function targetFor(name: string, kind: string, pieces: BlobPart[]): Promise<WritableStream<Uint8Array> | null> {
  const { showSaveFilePicker } = window as Picker;
  if (!showSaveFilePicker)
    return new WritableStream({
      write: (piece) => {
        pieces.push(piece as Uint8Array<ArrayBuffer>);
      }
    });
  try {
    const handle = await showSaveFilePicker({
      suggestedName: name,
      types: [{ description: kind, accept: { 'application/json': ['.json'] } }]
    });
    return await handle.createWritable();
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') return null;
    throw error;
  }
}
