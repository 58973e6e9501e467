import type { MetaDatabase } from '../dexie/meta';
import { keyFromSecret, seal, unseal, type Sealed } from './ciphers';

/** What has to be known to ask a passkey for its secret, both in base64; neither opens anything. */
export interface Passkey {
  readonly credentialId: string;
  /** What the authenticator's pseudo-random function is given (WebAuthn Level 3, 'Pseudo-random function extension (prf)'). */
  readonly salt: string;
}

/** `secret`: the 32 bytes that the authenticator answers for the salt, and for no other site. */
export interface MadePasskey extends Passkey {
  readonly secret: ArrayBuffer;
}

interface StoredPasskey extends Passkey {
  readonly id: 'passkey';
  /** The passphrase, under a key made from the secret. */
  readonly sealed: Sealed;
}

const NAME = 'passkey';

/** It is kept with the keys: whatever forgets these, as another passphrase does, forgets it. */
export async function storedPasskey(meta: MetaDatabase): Promise<StoredPasskey | null> {
  return ((await meta.keys.get(NAME)) as unknown as StoredPasskey | undefined) ?? null;
}

export async function sealedFor(
  { credentialId, salt, secret }: MadePasskey,
  passphrase: string
): Promise<StoredPasskey> {
  return { id: NAME, credentialId, salt, sealed: await seal(await keyFromSecret(secret, salt), NAME, passphrase) };
}

/** The passphrase; null where it is the secret of another passkey. */
export async function openedBy({ salt, sealed }: StoredPasskey, secret: ArrayBuffer): Promise<string | null> {
  return unseal(await keyFromSecret(secret, salt), NAME, sealed);
}
