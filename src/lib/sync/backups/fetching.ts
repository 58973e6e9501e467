import { failed, type Result } from '$lib/core/result';
import { words } from '$lib/core/words';
import { manifestName, pieceName } from '../names';
import { manifestIn, type Manifest } from './manifest';
import { unpackedFile } from './packing';
import type { BackupShelf } from './shelf';

/**
 * The workspace file of a backup. Refused where it is gone, a piece is not there, or anything was changed, cut off, or put in the place
 * of something else. `goesOn` hears how many pieces are here, and stops it by false (`words.backup.stopped`).
 */
export async function fetchBackup(
  shelf: BackupShelf,
  id: string,
  goesOn: (progress: { done: number; total: number }) => boolean | Promise<boolean> = () => true
): Promise<Result<Blob>> {
  const manifest = await fetchManifest(shelf, id);
  if (!manifest.ok) return manifest;
  const { pieces, size } = manifest.value;
  const parts: Blob[] = [];
  for (let number = 0; number < pieces; number++) {
    if (!(await goesOn({ done: number, total: pieces }))) return failed(words('words.backup.stopped'));
    const piece = await fetchPiece(shelf, id, { number, pieces });
    if (!piece.ok) return piece;
    parts.push(new Blob([new Uint8Array(piece.value)]));
  }
  const packed = new Blob(parts);
  return packed.size === size ? unpackedFile(packed) : failed(words('words.backup.shared_changed'));
}

/** What a backup is made of. Refused where it is gone, or is not as it was put. */
export async function fetchManifest({ remote, seal }: BackupShelf, id: string): Promise<Result<Manifest>> {
  const name = manifestName(seal.generation, id);
  const found = await remote.get(name);
  if (!found.ok) return found;
  if (found.value === null) return failed(words('words.backup.shared_gone'));
  const plain = await seal.open(name, found.value);
  return plain.ok ? manifestIn(plain.value) : failed(words('words.backup.shared_changed'));
}

async function fetchPiece(
  { remote, seal }: BackupShelf,
  id: string,
  { number, pieces }: { number: number; pieces: number }
): Promise<Result<Uint8Array>> {
  const name = pieceName(seal.generation, id, number);
  const found = await remote.get(name);
  if (!found.ok) return found;
  if (found.value === null) return failed(words('words.backup.piece_missing', { number: number + 1, pieces }));
  const plain = await seal.open(name, found.value);
  return plain.ok ? plain : failed(words('words.backup.shared_changed'));
}
