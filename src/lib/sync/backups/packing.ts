import { failed, ok, type Result } from '$lib/core/result';
import { words } from '$lib/core/words';

/** What `write` writes, as one gzip. As much is in memory as has not been taken yet: a browser keeps a large blob on the disk. */
export async function packedFile(
  write: (stream: WritableStream<Uint8Array>) => Promise<Result<void>>
): Promise<Result<Blob>> {
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array<ArrayBuffer>>();
  const packed = new Response(readable.pipeThrough(new CompressionStream('gzip'))).blob();
  // Where writing fails it is that which counts.
  packed.catch(() => undefined);
  const written = await write(writable);
  if (written.ok) return ok(await packed);
  await writable.abort();
  return written;
}

/** The file that was packed. Refused where it is none. */
export async function unpackedFile(packed: Blob): Promise<Result<Blob>> {
  try {
    return ok(await new Response(packed.stream().pipeThrough(new DecompressionStream('gzip'))).blob());
  } catch {
    return failed(words('words.backup.shared_changed'));
  }
}
