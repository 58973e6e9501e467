import { words } from '$lib/core/words';
import { Refused } from './refused';
import { unsealed } from './sealed-file';
import { isSealedFile } from './sealed-head';

const PIECE = 1 << 16;

/** The bytes of a workspace file, a piece at a time. Throws `Refused` where it is sealed and the passphrase, or the file, is not right. */
export async function* piecesOf(file: Blob, passphrase: string | null): AsyncIterable<Uint8Array> {
  const isSealed = await isSealedFile(file);
  if (isSealed && passphrase === null) throw new Refused(words('words.backup.needs_passphrase'));
  yield* isSealed ? unsealed(bytesOf(file), passphrase ?? '') : bytesOf(file);
}

async function* bytesOf(file: Blob): AsyncIterable<Uint8Array> {
  for (let offset = 0; offset < file.size; offset += PIECE)
    yield new Uint8Array(await file.slice(offset, offset + PIECE).arrayBuffer());
}
