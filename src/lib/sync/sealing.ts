import { failed, ok } from '$lib/core/result';
import { words } from '$lib/core/words';
import type { RemoteName } from './remote';
import type { Seal } from './seal';

const FORMAT = 1;
const IV_LENGTH = 12;

/**
 * Seals under a generation's data key: one byte that says the format, 12 bytes of IV, then AES-GCM. The name, the generation and the
 * remote's id are bound to it: what was touched, cut off, moved to another name or taken from another workspace does not open. It says
 * nothing of sizes; what is sealed is packed before, where it should be small.
 */
export function sealOf(key: CryptoKey, { remote, generation }: { remote: string; generation: number }): Seal {
  const parameters = (name: RemoteName, iv: Uint8Array<ArrayBuffer>): AesGcmParams => ({
    name: 'AES-GCM',
    iv,
    additionalData: new TextEncoder().encode(JSON.stringify([FORMAT, remote, generation, name]))
  });
  return {
    generation,
    seal: async (name, plain) => {
      const iv = crypto.getRandomValues(new Uint8Array(IV_LENGTH));
      const sealed = await crypto.subtle.encrypt(parameters(name, iv), key, new Uint8Array(plain));
      const bytes = new Uint8Array(1 + IV_LENGTH + sealed.byteLength);
      bytes[0] = FORMAT;
      bytes.set(iv, 1);
      bytes.set(new Uint8Array(sealed), 1 + IV_LENGTH);
      return bytes;
    },
    open: async (name, bytes) => {
      if (bytes[0] !== FORMAT) return failed(words('words.sync.not_opened'));
      const [iv, sealed] = [new Uint8Array(bytes.slice(1, 1 + IV_LENGTH)), new Uint8Array(bytes.slice(1 + IV_LENGTH))];
      try {
        return ok(new Uint8Array(await crypto.subtle.decrypt(parameters(name, iv), key, sealed)));
      } catch {
        return failed(words('words.sync.not_opened'));
      }
    }
  };
}
