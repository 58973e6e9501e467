import { words } from '$lib/core/words';
import { newSalt, sealingKey, toBytes, type SealingKey } from '../keys/ciphers';
import { Refused } from './refused';
import { headLine, headOf, lengthOfHead } from './sealed-head';

/**
 * A whole workspace file under a passphrase, version 1:
 *
 * - one line of JSON: `format` ("ricochet-sealed-workspace"), `version` (1), `iterations`, `salt`, `file`; the last two in base64;
 * - then the workspace file, JSON in UTF-8, in chunks of 65,536 bytes (the last may be shorter, and empty only where all is), each
 *   encrypted with AES-256-GCM and followed by its tag of 16 bytes. The nonce is the number of the chunk, from 0, in 11 bytes (big
 *   endian), then a byte that is 1 for the last chunk and else 0; the first line, with its end, is authenticated with each.
 *
 * The key is HKDF-SHA-256 of (PBKDF2-SHA-256 of the passphrase in NFKC, with `salt` and `iterations`, to 32 bytes), with the salt `file`
 * and the info "ricochet backup". So no two files have one key, and a device can seal by what it keeps in the place of the passphrase.
 * The chunks are those of STREAM (Hoang, Reyhanitabar, Rogaway and Vizár, 'Online Authenticated-Encryption and its Nonce-Reuse
 * Misuse-Resistance', 2015), as the age file format has them: one that is cut off, put elsewhere or changed does not open.
 */
const CHUNK = 1 << 16;
const TAG = 16;

/** Turns a workspace file into a sealed one, as it passes. */
export function sealing(key: SealingKey): TransformStream<Uint8Array, Uint8Array<ArrayBuffer>> {
  const file = newSalt();
  const head = new TextEncoder().encode(headLine({ ...key, file }));
  const chunks = new Chunks();
  let number = 0;
  let fileKey: CryptoKey | null = null;
  const sealed = async (plain: Uint8Array<ArrayBuffer>, isLast: boolean): Promise<Uint8Array<ArrayBuffer>> => {
    fileKey ??= await keyOfFile(key, file);
    return new Uint8Array(await crypto.subtle.encrypt(parametersOf(head, number++, isLast), fileKey, plain));
  };
  return new TransformStream({
    start: (out) => out.enqueue(head),
    transform: async (piece, out) => {
      chunks.add(piece);
      for (let plain = chunks.next(CHUNK); plain !== null; plain = chunks.next(CHUNK))
        out.enqueue(await sealed(plain, false));
    },
    flush: async (out) => out.enqueue(await sealed(chunks.rest(), true))
  });
}

/**
 * What is in a sealed file, as its bytes come. Throws `Refused` where the passphrase is another one, where anything was changed, moved or
 * cut off, and where a newer version has written it. What has come before that is as it was sealed.
 */
export async function* unsealed(
  pieces: AsyncIterable<Uint8Array>,
  passphrase: string
): AsyncIterable<Uint8Array<ArrayBuffer>> {
  const chunks = new Chunks();
  let opening: { key: CryptoKey; head: Uint8Array<ArrayBuffer> } | null = null;
  let number = 0;
  const open = async (sealed: Uint8Array<ArrayBuffer>, isLast: boolean): Promise<Uint8Array<ArrayBuffer>> => {
    if (opening === null) throw new Refused(words('words.backup.damaged'));
    const { key, head } = opening;
    try {
      return new Uint8Array(await crypto.subtle.decrypt(parametersOf(head, number, isLast), key, sealed));
    } catch {
      throw new Refused(words(number === 0 ? 'words.backup.wrong_passphrase' : 'words.backup.damaged'));
    } finally {
      number++;
    }
  };
  for await (const piece of pieces) {
    chunks.add(piece);
    if (opening === null) {
      const length = lengthOfHead(chunks.peek());
      if (length === null) continue;
      const head = chunks.take(length);
      const { salt, iterations, file } = headOf(head);
      opening = { head, key: await keyOfFile(await sealingKey(passphrase, salt, iterations), file) };
    }
    for (let sealed = chunks.next(CHUNK + TAG); sealed !== null; sealed = chunks.next(CHUNK + TAG))
      yield await open(sealed, false);
  }
  yield await open(chunks.rest(), true);
}

function keyOfFile({ base }: Pick<SealingKey, 'base'>, file: string): Promise<CryptoKey> {
  const info = new TextEncoder().encode('ricochet backup');
  return crypto.subtle.deriveKey(
    { name: 'HKDF', hash: 'SHA-256', salt: toBytes(file), info },
    base,
    { name: 'AES-GCM', length: 256 },
    false,
    ['encrypt', 'decrypt']
  );
}

function parametersOf(head: Uint8Array<ArrayBuffer>, number: number, isLast: boolean): AesGcmParams {
  const iv = new Uint8Array(12);
  // Eight bytes are more than a file can have chunks.
  new DataView(iv.buffer).setBigUint64(3, BigInt(number));
  iv[11] = isLast ? 1 : 0;
  return { name: 'AES-GCM', iv, additionalData: head };
}

/** Bytes that have come and are not used yet. */
class Chunks {
  private bytes = new Uint8Array(0);

  add(piece: Uint8Array): void {
    const all = new Uint8Array(this.bytes.length + piece.length);
    all.set(this.bytes);
    all.set(piece, this.bytes.length);
    this.bytes = all;
  }

  peek(): Uint8Array {
    return this.bytes;
  }

  take(length: number): Uint8Array<ArrayBuffer> {
    const taken = this.bytes.slice(0, length);
    this.bytes = this.bytes.subarray(length);
    return taken;
  }

  /** So many bytes, where others follow: which chunk is the last one is only known at the end. */
  next(length: number): Uint8Array<ArrayBuffer> | null {
    return this.bytes.length > length ? this.take(length) : null;
  }

  rest(): Uint8Array<ArrayBuffer> {
    return this.take(this.bytes.length);
  }
}
