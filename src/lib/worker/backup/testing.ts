import { exportWorkspace } from '$lib/storage/backup/export';
import { piecesOf } from '$lib/storage/backup/pieces';
import type { Storage } from '$lib/storage/port';
import type { FileSecrets } from '$lib/core/workspace-file';
import type { Result } from '$lib/core/result';
import { mergeWorkspace } from './merging';

export const NOW = Date.UTC(2027, 0, 15);

/** The workspace as a file. */
export async function savedFile(storage: Storage, secrets: FileSecrets | null = null): Promise<Blob> {
  const pieces: BlobPart[] = [];
  const stream = new WritableStream<Uint8Array<ArrayBuffer>>({
    write: (piece) => {
      pieces.push(piece);
    }
  });
  const saved = await exportWorkspace(storage, stream, { now: NOW, secrets });
  if (!saved.ok) throw new Error(saved.reason.key);
  return new Blob(pieces);
}

export function mergeInto(storage: Storage, file: Blob): Promise<Result<void>> {
  return mergeWorkspace(storage, piecesOf(file, null), { now: () => NOW, secrets: [] });
}
