import { failed, ok } from '$lib/core/result';
import type { Seal } from '$lib/sync/seal';
import type { Vault } from '../vault';

/** Nothing is hidden: what is sealed begins with its name. */
export function openSeal(generation = 1): Seal {
  return {
    generation,
    seal: (name, plain) => {
      const head = new TextEncoder().encode(`${name}\n`);
      const bytes = new Uint8Array(head.length + plain.length);
      bytes.set(head);
      bytes.set(plain, head.length);
      return Promise.resolve(bytes);
    },
    open: (name, bytes) => {
      const head = new TextEncoder().encode(`${name}\n`);
      const isIts = head.every((byte, at) => bytes[at] === byte);
      return Promise.resolve(isIts ? ok(bytes.slice(head.length)) : failed({ key: 'test.foreign' }));
    }
  };
}

/** Keeps secrets backwards, each under the name of the device's key. */
export function vaultOf(keyId: string, isLocked: () => boolean = () => false): Vault {
  const turned = (text: string): string => text.split('').reverse().join('');
  return {
    isLocked: () => Promise.resolve(isLocked()),
    decrypt: (row) => {
      if (isLocked()) return Promise.resolve(failed({ key: 'test.locked' }));
      return Promise.resolve(row.keyId === keyId ? ok(turned(row.ciphertext)) : failed({ key: 'test.foreign' }));
    },
    encrypt: (id, plain) =>
      Promise.resolve(
        isLocked() ? failed({ key: 'test.locked' }) : ok({ id, keyId, iv: '', ciphertext: turned(plain) })
      )
  };
}
