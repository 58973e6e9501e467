import { update, type Change } from '$lib/core/changes';
import type { Id, NewId } from '$lib/core/ids';
import { refusedPassphrase } from '$lib/core/passphrases';
import { failed, ok, type Result } from '$lib/core/result';
import type { Secret } from '$lib/core/rows/messages';
import { words } from '$lib/core/words';
import type { FileSecrets } from '$lib/core/workspace-file';
import type { MetaDatabase } from '../dexie/meta';
import type { Reader, Storage } from '../port';
import { ITERATIONS, keyFromPassphrase, newSalt, sealRow, unseal } from './ciphers';
import { KeyRing, type KeyNews } from './key-ring';
import { openedBy, sealedFor, storedPasskey, type MadePasskey, type Passkey } from './passkey';

/** The key of a file's secrets: made from the passphrase given for that file. */
const FILE_KEY = 'file';

/**
 * Encrypts and decrypts the provider keys (rows of `secrets`), under a key of this device or, if the person so chooses, under one that
 * only a passphrase gives. Web Crypto is asynchronous: nothing here may be awaited within a transaction. Nothing is ever logged.
 */
export class Keys {
  readonly #ring: KeyRing;

  constructor(
    private readonly storage: Storage,
    private readonly meta: MetaDatabase,
    newId: NewId,
    /** To the other tabs of this device. */
    private readonly tell: (news: KeyNews) => void = () => undefined
  ) {
    this.#ring = new KeyRing(meta, newId, tell);
  }

  /** The passphrase has not been given since the app started. */
  async isLocked(): Promise<boolean> {
    const { id } = await this.#ring.current();
    for (const keyId of new Set([id, ...(await this.#keyIds())])) if (await this.#isLocked(keyId)) return true;
    return false;
  }

  /** Closes what a passphrase has opened, in every tab. Nothing where there is no passphrase. */
  lock(): Promise<void> {
    return this.#ring.lock();
  }

  /** Asks the other tabs for what is open there. */
  ask(): void {
    this.tell('asked');
  }

  /** Takes in what another tab says. True: a key has been opened by it. */
  hear(news: KeyNews): Promise<boolean> {
    return this.#ring.hear(news);
  }

  /** What unlocks in the place of the passphrase; null where there is none. */
  async passkey(): Promise<Passkey | null> {
    const stored = await storedPasskey(this.meta);
    return stored && { credentialId: stored.credentialId, salt: stored.salt };
  }

  /**
   * From now on the passkey unlocks as well as the passphrase, which it keeps for it, encrypted under what only the passkey can tell.
   * Another passphrase makes it void.
   */
  async addPasskey(made: MadePasskey, passphrase: string): Promise<Result<void>> {
    if (!(await this.#ring.openWith(passphrase))) return failed(words('words.keys.wrong_passphrase'));
    await this.meta.keys.put({ ...(await sealedFor(made, passphrase)) });
    return ok(undefined);
  }

  /** `secret`: the 32 bytes that the passkey tells. */
  async unlockByPasskey(secret: ArrayBuffer): Promise<Result<void>> {
    const stored = await storedPasskey(this.meta);
    const passphrase = stored && (await openedBy(stored, secret));
    return passphrase === null ? failed(words('words.keys.wrong_passkey')) : this.unlock(passphrase);
  }

  async removePasskey(): Promise<void> {
    await this.meta.keys.delete('passkey');
  }

  async hasPassphrase(): Promise<boolean> {
    return (await this.#ring.current()).by === 'passphrase';
  }

  /** The row to be stored. Refused while locked. */
  async encrypt(id: Id, plain: string): Promise<Result<Secret>> {
    const { id: keyId } = await this.#ring.current();
    const key = await this.#ring.opened(keyId);
    return key === null ? failed(words('words.keys.locked')) : ok(await sealRow(key, keyId, id, plain));
  }

  /** Refused while locked, and where the key is not on this device. */
  async decrypt(row: Secret): Promise<Result<string>> {
    const key = await this.#ring.opened(row.keyId);
    if (key === null)
      return failed(words((await this.#isLocked(row.keyId)) ? 'words.keys.locked' : 'words.keys.unreadable'));
    const plain = await unseal(key, row.id, row);
    return plain === null ? failed(words('words.keys.unreadable')) : ok(plain);
  }

  async unlock(passphrase: string): Promise<Result<void>> {
    if (!(await this.#ring.openWith(passphrase))) return failed(words('words.keys.wrong_passphrase'));
    // A change of passphrase that was interrupted after its transaction is brought to its end.
    const [keyId, ...others] = new Set(await this.#keyIds());
    const stored = keyId === undefined || others.length > 0 ? null : await this.#ring.stored(keyId);
    if (stored && (await this.#ring.opened(stored.id))) await this.#ring.use(stored);
    return ok(undefined);
  }

  /**
   * From now on the passphrase protects the keys; null: this device alone does. All secrets are encrypted anew in one transaction, each
   * naming its key, so that an interruption leaves either all under the old key or all under the new one.
   */
  async setPassphrase(passphrase: string | null): Promise<Result<void>> {
    const refused = passphrase === null ? null : refusedPassphrase(passphrase);
    if (refused !== null) return failed(refused);
    if (await this.isLocked()) return failed(words('words.keys.locked'));
    const next = await (passphrase === null ? this.#ring.addDeviceKey() : this.#ring.addPassphraseKey(passphrase));
    const key = await this.#ring.opened(next.id);
    if (key === null) throw new Error('a new key is not open');
    for (;;) {
      const before = await this.storage.read(keptIn);
      const after: Secret[] = [];
      for (const { secret } of before) {
        const plain = await this.decrypt(secret);
        // What cannot be read stays as it is: it belongs to another device.
        after.push(plain.ok ? await sealRow(key, next.id, secret.id, plain.value) : secret);
      }
      if (await this.#replaced(before, after)) break;
    }
    await this.#ring.use(next);
    return ok(undefined);
  }

  /** All secrets for a workspace file, under the passphrase given for it. Refused while locked. */
  async toFile(passphrase: string): Promise<Result<FileSecrets>> {
    const salt = newSalt();
    const key = await keyFromPassphrase(passphrase, salt, ITERATIONS);
    const rows: Secret[] = [];
    for (const row of await this.storage.read((reader) => reader.query('secrets', {}))) {
      const plain = await this.decrypt(row);
      if (plain.ok) rows.push(await sealRow(key, FILE_KEY, row.id, plain.value));
      else if (await this.isLocked()) return plain;
    }
    return ok({ salt, iterations: ITERATIONS, rows });
  }

  /** The secrets of a file, encrypted for this device. */
  async fromFile({ salt, iterations, rows }: FileSecrets, passphrase: string): Promise<Result<Secret[]>> {
    const key = await keyFromPassphrase(passphrase, salt, Math.min(iterations, 10 * ITERATIONS));
    const mine: Secret[] = [];
    for (const row of rows) {
      const plain = await unseal(key, row.id, row);
      if (plain === null) return failed(words('words.keys.wrong_passphrase'));
      const encrypted = await this.encrypt(row.id, plain);
      if (!encrypted.ok) return encrypted;
      mine.push(encrypted.value);
    }
    return ok(mine);
  }

  async #isLocked(keyId: Id): Promise<boolean> {
    return (await this.#ring.stored(keyId))?.by === 'passphrase' && (await this.#ring.opened(keyId)) === null;
  }

  async #keyIds(): Promise<Id[]> {
    return (await this.storage.read(keptIn)).map(({ secret }) => secret.keyId);
  }

  /** False: somebody changed a secret in the meantime. */
  #replaced(before: readonly Kept[], after: readonly Secret[]): Promise<boolean> {
    return this.storage.transact(async (transaction) => {
      const present = await keptIn(transaction);
      const isSame =
        present.length === before.length &&
        present.every(({ secret }, at) => {
          const was = before[at]?.secret;
          return secret.id === was?.id && secret.ciphertext === was.ciphertext;
        });
      if (!isSame) return false;
      await transaction.apply(present.flatMap(({ replaced }, at) => (after[at] ? replaced(after[at]) : [])));
      return true;
    });
  }
}

/** A secret, and what puts another in its place. */
interface Kept {
  readonly secret: Secret;
  readonly replaced: (by: Secret) => Change;
}

/** All that keys encrypt: what goes to other devices, and what opens the remote, which is of this one alone. */
async function keptIn(reader: Reader): Promise<Kept[]> {
  const secrets = await reader.query('secrets', {});
  const connection = await reader.get('runtime', 'connection');
  return [
    ...secrets.map((secret) => ({
      secret,
      replaced: ({ id, keyId, iv, ciphertext }: Secret) => update('secrets', id, { keyId, iv, ciphertext })
    })),
    ...(connection?.id === 'connection'
      ? [{ secret: connection.secret, replaced: (by: Secret) => update('runtime', 'connection', { secret: by }) }]
      : [])
  ];
}
