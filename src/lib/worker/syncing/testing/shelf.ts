import { failed, ok, type Result } from '$lib/core/result';
import type { Remote } from '$lib/sync/remote';
import type { Seal } from '$lib/sync/seal';
import type { Vault } from '../vault';

/** What devices share: objects in the order in which they were put. */
export class Shelf {
  readonly objects = new Map<string, Uint8Array>();
  private readonly order: string[] = [];

  /** The remote as one device has it. `fault` says, at each call, what goes wrong: before it, after it, or nothing. */
  remote(fault: () => 'offline' | 'unanswered' | null = () => null): Remote {
    const call = <T>(work: () => T): Promise<Result<T>> => {
      const wrong = fault();
      if (wrong === 'offline') return Promise.resolve(failed({ key: 'test.offline' }));
      const value = work();
      return Promise.resolve(wrong === null ? ok(value) : failed({ key: 'test.unanswered' }));
    };
    const documents = this.documents;
    return {
      put: (name, bytes) =>
        call(() => {
          if (this.objects.has(name)) return 'exists';
          this.objects.set(name, bytes);
          this.order.push(name);
          return 'stored';
        }),
      get: (name) => call(() => this.objects.get(name) ?? null),
      remove: (name) => call(() => void this.objects.delete(name)),
      changes: (cursor) =>
        call(() => {
          const from = Number(cursor ?? 0);
          const names = this.order.slice(from, from + 3);
          return { names, cursor: String(from + names.length), isMore: from + names.length < this.order.length };
        }),
      read: (name) => call(() => documents.get(name) ?? null),
      write: (name, bytes, over) =>
        call(() => {
          if ((documents.get(name)?.revision ?? null) !== over) return 'conflict';
          const revision = String(Number(over ?? 0) + 1);
          documents.set(name, { bytes, revision });
          return { revision };
        })
    };
  }

  private readonly documents = new Map<string, { bytes: Uint8Array; revision: string }>();
}

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
    decrypt: (row) =>
      Promise.resolve(row.keyId === keyId ? ok(turned(row.ciphertext)) : failed({ key: 'test.foreign' })),
    encrypt: (id, plain) =>
      Promise.resolve(
        isLocked() ? failed({ key: 'test.locked' }) : ok({ id, keyId, iv: '', ciphertext: turned(plain) })
      )
  };
}
