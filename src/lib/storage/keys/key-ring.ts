import type { Id, NewId } from '$lib/core/ids';
import type { MetaDatabase } from '../dexie/meta';
import { ITERATIONS, keyFromPassphrase, newKey, newSalt, seal, unseal, type Sealed } from './ciphers';

/**
 * A key of this device, as `ricochet-meta` holds it: itself, not extractable; or only what tells the right passphrase, from which it is
 * made anew. No key is in the workspace.
 */
export type StoredKey =
  | { readonly id: Id; readonly by: 'device'; readonly key: CryptoKey }
  | {
      readonly id: Id;
      readonly by: 'passphrase';
      readonly salt: string;
      readonly iterations: number;
      readonly check: Sealed;
    };

/** What the tabs of this device tell each other: a key was opened, all that a passphrase opened are closed, or: who has one open? */
export type KeyNews = { readonly opened: Id; readonly key: CryptoKey } | 'locked' | 'asked';

interface Current {
  readonly id: 'current';
  readonly keyId: Id;
}

const CHECK = 'passphrase';

/** Which keys there are, and which one encrypts from now on. */
export class KeyRing {
  readonly #open = new Map<Id, CryptoKey>();

  constructor(
    private readonly meta: MetaDatabase,
    private readonly newId: NewId,
    private readonly tell: (news: KeyNews) => void
  ) {}

  /** The key that encrypts; made when it is first asked for. */
  async current(): Promise<StoredKey> {
    const found = await this.#stored();
    if (found) return found;
    const made = await this.addDeviceKey();
    // Another tab may have been faster: its key stays.
    return this.meta.transaction('rw', this.meta.keys, async () => {
      const other = await this.#stored();
      if (other) return other;
      await this.meta.keys.put({ id: 'current', keyId: made.id } satisfies Current);
      return made;
    });
  }

  async stored(keyId: Id): Promise<StoredKey | null> {
    return ((await this.meta.keys.get(keyId)) as StoredKey | undefined) ?? null;
  }

  /** Null: its passphrase has not been given, or there is no such key here. */
  async opened(keyId: Id): Promise<CryptoKey | null> {
    const open = this.#open.get(keyId);
    if (open) return open;
    const stored = await this.stored(keyId);
    if (stored?.by !== 'device') return null;
    this.#open.set(keyId, stored.key);
    return stored.key;
  }

  async addDeviceKey(): Promise<StoredKey> {
    const stored: StoredKey = { id: this.newId(), by: 'device', key: await newKey() };
    await this.meta.keys.put({ ...stored });
    return stored;
  }

  async addPassphraseKey(passphrase: string): Promise<StoredKey> {
    const salt = newSalt();
    const key = await keyFromPassphrase(passphrase, salt, ITERATIONS);
    const check = await seal(key, CHECK, CHECK);
    const stored: StoredKey = { id: this.newId(), by: 'passphrase', salt, iterations: ITERATIONS, check };
    await this.meta.keys.put({ ...stored });
    this.#opened(stored.id, key);
    return stored;
  }

  /** What only a passphrase opens is closed, here and in the other tabs. */
  async lock(): Promise<void> {
    await this.#close();
    this.tell('locked');
  }

  /** Takes in what another tab says. True: a key has been opened by it. */
  async hear(news: KeyNews): Promise<boolean> {
    if (news === 'locked') await this.#close();
    else if (news === 'asked') {
      for (const id of await this.#protected()) {
        const key = this.#open.get(id);
        if (key) this.tell({ opened: id, key });
      }
    } else if (!this.#open.has(news.opened)) {
      this.#open.set(news.opened, news.key);
      return true;
    }
    return false;
  }

  /** False: it is not the passphrase of any key here. */
  async openWith(passphrase: string): Promise<boolean> {
    const keys = (await this.meta.keys.toArray()) as unknown as readonly (StoredKey | Current)[];
    let isRight = false;
    for (const stored of keys) {
      if (!('by' in stored) || stored.by !== 'passphrase') continue;
      const key = await keyFromPassphrase(passphrase, stored.salt, stored.iterations);
      if ((await unseal(key, CHECK, stored.check)) === null) continue;
      this.#opened(stored.id, key);
      isRight = true;
    }
    return isRight;
  }

  /** From now on this key encrypts; all others are forgotten. */
  async use({ id }: StoredKey): Promise<void> {
    await this.meta.transaction('rw', this.meta.keys, async () => {
      await this.meta.keys.where('id').noneOf([id, 'current']).delete();
      await this.meta.keys.put({ id: 'current', keyId: id } satisfies Current);
    });
    for (const keyId of this.#open.keys()) if (keyId !== id) this.#open.delete(keyId);
  }

  #opened(id: Id, key: CryptoKey): void {
    this.#open.set(id, key);
    this.tell({ opened: id, key });
  }

  async #close(): Promise<void> {
    for (const id of await this.#protected()) this.#open.delete(id);
  }

  async #protected(): Promise<Id[]> {
    const keys = (await this.meta.keys.toArray()) as unknown as readonly (StoredKey | Current)[];
    return keys.flatMap((stored) => ('by' in stored && stored.by === 'passphrase' ? stored.id : []));
  }

  async #stored(): Promise<StoredKey | null> {
    const current = (await this.meta.keys.get('current')) as Current | undefined;
    return current === undefined
      ? null
      : (((await this.meta.keys.get(current.keyId)) as StoredKey | undefined) ?? null);
  }
}
