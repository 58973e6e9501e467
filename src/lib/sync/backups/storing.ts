import type { Instant } from '$lib/core/instants';
import { failed, ok, type Result } from '$lib/core/result';
import { words } from '$lib/core/words';
import { manifestName, pieceName } from '../names';
import type { RemoteName } from '../remote';
import { manifestBytes } from './manifest';
import type { BackupShelf } from './shelf';

/** Of what was packed, in bytes: what a server takes at once, in base64 too, and what is lost where a call fails. */
export const PIECE = 1 << 19;

export interface BackupToStore {
  readonly id: string;
  /** Of what instant it is, in epoch ms. */
  readonly at: Instant;
  /** The name of the device. */
  readonly device: string;
  readonly packed: Blob;
  /** Of one piece, in bytes. */
  readonly piece?: number;
}

/**
 * Stores a packed file: its pieces one by one, and last the manifest, without which they are no backup. Stops, refused with
 * `words.backup.other_runs`, where `goesOn` says so. What is put by then stays, for `removeBackup`.
 */
export async function storeBackup(
  shelf: BackupShelf,
  { id, at, device, packed, piece = PIECE }: BackupToStore,
  goesOn: () => boolean
): Promise<Result<void>> {
  const { generation } = shelf.seal;
  const pieces = Math.ceil(packed.size / piece);
  for (let number = 0; number < pieces; number++) {
    if (!goesOn()) return failed(words('words.backup.other_runs'));
    const bytes = new Uint8Array(await packed.slice(number * piece, (number + 1) * piece).arrayBuffer());
    const put = await putSealed(shelf, pieceName(generation, id, number), bytes);
    if (!put.ok) return put;
  }
  if (!goesOn()) return failed(words('words.backup.other_runs'));
  return putSealed(shelf, manifestName(generation, id), manifestBytes({ at, device, pieces, size: packed.size }));
}

/** Tried twice. What is there already is what was put first, where its answer was lost. */
async function putSealed({ remote, seal }: BackupShelf, name: RemoteName, plain: Uint8Array): Promise<Result<void>> {
  const bytes = await seal.seal(name, plain);
  const first = await remote.put(name, bytes);
  const put = first.ok ? first : await remote.put(name, bytes);
  if (!put.ok) return put;
  if (put.value === 'stored') return ok(undefined);
  const found = await remote.get(name);
  if (!found.ok) return found;
  const isSame = found.value?.length === bytes.length && bytes.every((byte, at) => found.value?.[at] === byte);
  return isSame ? ok(undefined) : failed(words('words.backup.shared_changed'));
}
