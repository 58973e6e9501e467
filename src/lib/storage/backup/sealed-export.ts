import type { Result } from '$lib/core/result';
import type { SealingKey } from '../keys/ciphers';
import { sealing } from './sealed-file';

/** Seals what `write` writes on its way to the stream, which is closed at the end, and aborted where it fails. */
export async function sealedExport(
  stream: WritableStream<Uint8Array>,
  key: SealingKey,
  write: (plain: WritableStream<Uint8Array>) => Promise<Result<void>>
): Promise<Result<void>> {
  const { writable, readable } = sealing(key);
  const aborting = new AbortController();
  const passed = readable.pipeTo(stream, { signal: aborting.signal });
  // Where writing fails it is that which counts.
  passed.catch(() => undefined);
  const written = await write(writable);
  if (written.ok) await passed;
  else aborting.abort();
  return written;
}
